/** Where the main thread spends its time, from one moment to another, in V8's own sampling profile. */
'use strict';
const { Session } = require('node:inspector');

const SAMPLE_MICROS = 500;

/** The first rule that fits a frame of the stack, from the innermost outwards, has the sample. */
const RULES = [
	['waiting', ({ functionName }) => functionName === '(idle)'],
	['garbage collection', ({ functionName }) => functionName === '(garbage collector)'],
	['hashing', ({ functionName, url }) => /crypto\/hash$/.test(url) || functionName === 'hash'],
	[
		'encrypting and writing',
		({ functionName }) =>
			/^(writeBuffer|writev|writeUtf8String|writeLatin1String)$/.test(functionName),
	],
	[
		'opening and closing connections',
		({ functionName, url }) =>
			/^node:_?(internal\/)?tls/.test(url)
				? !/^(TLSSocket\._(read|write)|onread)/.test(functionName)
				: /^(createConnection|connect|internalConnect|afterConnect|lookup|destroy|_destroy|close|onhandshakedone|shutdown)$/.test(
						functionName,
					),
	],
	['reading the file', ({ url }) => /^node:(fs|internal\/fs)/.test(url)],
	[
		'copying',
		({ functionName, url }) =>
			/^node:(buffer|internal\/buffer)/.test(url) ||
			/^(set|slice|concat|copy|fill)$/.test(functionName),
	],
	['our code', ({ url }) => /\/dist\/nodes\//.test(url)],
	[
		'n8n and its HTTP client',
		({ url }) =>
			/node_modules.(n8n-|axios|follow-redirects|form-data|proxy|https?-proxy|agent-base)/.test(
				url,
			),
	],
	['undici', ({ url }) => /undici/.test(url)],
	["Node's streams, sockets and HTTP", ({ url }) => /^node:/.test(url)],
];

let session;

function startProfile() {
	session = new Session();
	session.connect();
	session.post('Profiler.enable');
	session.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROS });
	session.post('Profiler.start');
}

/** Seconds by what they were spent on. */
function readProfile() {
	let profile;
	session.post('Profiler.stop', (error, answer) => {
		if (error) throw new Error(error.message);
		profile = answer.profile;
	});
	session.disconnect();
	const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
	const parents = new Map();
	for (const { id, children = [] } of profile.nodes) {
		for (const child of children) parents.set(child, id);
	}
	const kinds = new Map();
	const kindOf = (id) => {
		for (let at = id; at !== undefined; at = parents.get(at)) {
			const rule = RULES.find(([, fits]) => fits(nodes.get(at).callFrame));
			if (rule) return rule[0];
		}
		return 'the rest';
	};
	const seconds = {};
	for (const [index, id] of profile.samples.entries()) {
		if (!kinds.has(id)) kinds.set(id, kindOf(id));
		const kind = kinds.get(id);
		seconds[kind] = (seconds[kind] ?? 0) + profile.timeDeltas[index] / 1e6;
	}
	return seconds;
}

module.exports = { startProfile, readProfile };
