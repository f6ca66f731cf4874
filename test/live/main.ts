/** npm run verify:live; see HELP. */
import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';

import type { Vendor } from '../cloud/core/contract';
import { startEngine } from '../engine';
import { EnvHttpProxyAgent } from 'undici';

import { assertFreshBuild, repositoryDir } from '../support/freshBuild';
import { withSection } from '../support/page';
import { announcement } from './announcement';
import { livePage, readReports, statusSentence, writeReport } from './report';
import { FolderExists } from './scratch';
import { NoSignIn, signIn, SIGN_IN_HELP } from './signIn';
import type { UploadPlan } from './uploads';
import { verify } from './verify';

const HELP = `npm run verify:live -- --dropbox | --box [options]
  --dropbox, --box  the service to check
  --browser         sign in through your browser
  --yes             begin without asking
  --out <folder>    where live.md and the report go (default docs)

${SIGN_IN_HELP}`;

const MIB = 1024 * 1024;
/** Through the proxy that the environment names, as n8n's engine. */
const dispatcher = new EnvHttpProxyAgent();
const PLANS: Readonly<Record<Vendor, UploadPlan>> = {
	dropbox: { small: 30, largeBytes: 12 * MIB },
	box: { small: 5, largeBytes: 24 * MIB },
};

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: {
			dropbox: { type: 'boolean', default: false },
			box: { type: 'boolean', default: false },
			browser: { type: 'boolean', default: false },
			yes: { type: 'boolean', default: false },
			help: { type: 'boolean', default: false },
			out: { type: 'string', default: join(repositoryDir, 'docs') },
		},
	});
	if (values.help) {
		console.log(HELP);
		return 0;
	}
	if (values.dropbox === values.box) {
		console.error(HELP);
		return 2;
	}
	const vendor: Vendor = values.dropbox ? 'dropbox' : 'box';
	const folder = `n8n-nodes-upload-sessions check ${randomBytes(6).toString('hex')}`;
	const plan = PLANS[vendor];
	console.log(announcement(vendor, folder, plan));
	if (!values.yes && !/^y(es)?$/i.test((await ask('Begin? [y/N] ')).trim())) {
		console.log('Nothing was sent.');
		return 1;
	}
	const { browser } = values;
	const said = { env: process.env, browser, say: console.log, ask, dispatcher };
	const accessToken = await signIn(vendor, said);
	return await run(vendor, { accessToken, folder, plan }, values.out);
}

async function run(
	vendor: Vendor,
	work: { readonly accessToken: string; readonly folder: string; readonly plan: UploadPlan },
	out: string,
): Promise<number> {
	assertFreshBuild();
	const stop = new AbortController();
	const onInterrupt = (): void => {
		console.log('\nStopping: the folder is removed first.');
		stop.abort();
	};
	process.once('SIGINT', onInterrupt);
	const manifest = readFileSync(join(repositoryDir, 'package.json'), 'utf8');
	const { version } = JSON.parse(manifest) as { version: string };
	const { left, report } = await verify({
		...work,
		vendor,
		version,
		say: console.log,
		signal: stop.signal,
		dispatcher,
		startEngine: async () => await startEngine({ packageDirs: [repositoryDir], env: proxyEnv() }),
	});
	process.off('SIGINT', onInterrupt);
	if (left.length > 0) {
		console.log(`\nThis could not be removed; please delete it yourself:\n${left.join('\n')}`);
	}
	if (vendor === 'box') console.log('Upload sessions that were left open expire after 7 days.');
	const file = writeReport(report, join(out, 'live'));
	const page = join(out, 'live.md');
	writeFileSync(page, pageOf(join(out, 'live')));
	console.log(`\nWritten: ${file} and ${page}`);
	const broken = report.assumptions.filter(({ verdict }) => verdict === 'broken');
	if (broken.length > 0) {
		console.log(
			`Broken: ${broken.map(({ id }) => id).join(', ')}. Please report it with that file.`,
		);
	}
	return broken.length > 0 || !report.complete ? 1 : 0;
}

function pageOf(dir: string): string {
	const reports = readReports(dir);
	const page = readFileSync(join(repositoryDir, 'docs', 'live.md'), 'utf8');
	const status = withSection(page, 'status', statusSentence(reports));
	return withSection(status, 'reports', livePage(reports));
}

/** The way out of this machine, for n8n's engine. */
function proxyEnv(): Record<string, string> {
	const names = /^(?:https?_proxy|all_proxy|no_proxy|node_extra_ca_certs|ssl_cert_file)$/i;
	return Object.fromEntries(
		Object.entries(process.env).flatMap(([name, value]) =>
			names.test(name) && value !== undefined ? [[name, value]] : [],
		),
	);
}

async function ask(question: string): Promise<string> {
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	try {
		return await terminal.question(question);
	} finally {
		terminal.close();
	}
}

main().then(
	(code) => (process.exitCode = code),
	(error: unknown) => {
		if (error instanceof FolderExists) {
			console.error(`The folder ${error.message} exists already, so nothing was done.`);
		} else if (error instanceof NoSignIn) console.error(error.message);
		// Without the stack: it could show what a request held.
		else console.error(error instanceof Error ? error.message : 'It failed.');
		process.exitCode = 1;
	},
);
