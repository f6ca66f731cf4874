/** What a person who looks at the parameters of an item would expect of it, worked out here without the nodes' own code. */
import type { FuzzedItem, InputScenario } from './scenario';
import type { HostileValue } from './values';

/** They change neither where a file goes, nor who can open it, nor what it replaces: worked out to nothing, their default is as good. */
const MAY_DEFAULT = new Set([
	'actions',
	'attributes',
	'checkFirst',
	'closeSession',
	'commitMethod',
	'commitSize',
	'contentCreatedAt',
	'contentModifiedAt',
	'clientModified',
	'deadlineMinutes',
	'description',
	'digest',
	'fileSize',
	'maxRetries',
	'memoryLimitMib',
	'mute',
	'options',
	'output',
	'parallel',
	'partSizeMib',
	'partsFrom',
	'partsJson',
	'propertyGroups',
	'resume',
	'resumeFolder',
	'resumeFrom',
	'sessionType',
	'sharedLink',
	'skipUnchanged',
	'strictConflict',
	'submitted',
	'waitForJob',
]);

/** Fields for a moment. */
const MOMENTS: Readonly<Record<string, 'modified' | 'created' | 'expires'>> = {
	clientModified: 'modified',
	contentModifiedAt: 'modified',
	contentCreatedAt: 'created',
	linkExpires: 'expires',
};

export interface ExpectedMoment {
	readonly field: 'modified' | 'created' | 'expires';
	readonly parameter: string;
	readonly moment: string;
}

export interface Expected {
	/** Why nothing may be stored of it; undefined when it may be. */
	readonly refused: string | undefined;
	/** Whether it may be skipped without a look at its file, as its name is taken. */
	readonly maySkip: boolean;
	/** Paths that it may be stored at, as `skeleton` makes them; undefined when anything goes. */
	readonly paths: ReadonlySet<string> | undefined;
	readonly moments: readonly ExpectedMoment[];
	/** The password that a link must have. */
	readonly password: string | undefined;
	/** What If File Exists allows with what is there already. */
	readonly mayReplace: boolean;
}

/** All hostile values of one item, the node's own included. */
export function hostileOf(
	{ nodeWide }: InputScenario,
	item: FuzzedItem,
): Record<string, HostileValue> {
	return { ...item.hostile, ...nodeWide };
}

export function isHostile(scenario: InputScenario, item: FuzzedItem): boolean {
	return item.binary !== undefined || Object.keys(hostileOf(scenario, item)).length > 0;
}

export function expectedOf(scenario: InputScenario, item: FuzzedItem): Expected {
	const hostile = hostileOf(scenario, item);
	const ifExists = scenario.common.ifExists;
	const isOwn = Object.keys(hostile).length === 0;
	return {
		refused: refusalOf(scenario, item, hostile),
		maySkip: isOwn && ifExists === 'skip' && item.isTaken === true,
		paths: pathsOf(scenario, item, hostile),
		moments: Object.entries(hostile)
			.flatMap(([name, value]) => momentOf(name, value))
			// Box takes no such date with another version of a file.
			.filter(({ field }) => !(field === 'created' && item.isTaken && ifExists === 'version')),
		password: passwordOf(hostile),
		mayReplace: !('ifExists' in hostile) && (ifExists === 'overwrite' || ifExists === 'version'),
	};
}

function refusalOf(
	{ operation, parameters }: InputScenario,
	{ binary }: FuzzedItem,
	hostile: Record<string, HostileValue>,
): string | undefined {
	// A session is opened for the file's size alone.
	if (binary !== undefined && !binary.readable && operation !== 'create') {
		const data = binary.change.entry?.data;
		const isBase64 = typeof data === 'string' && /^(?:[\w+/-]{4})*(?:[\w+/-]{2,3}=*)?$/.test(data);
		if (!isBase64 || 'id' in (binary.change.entry ?? {}))
			return `its file cannot be read (${binary.label})`;
	}
	for (const [name, { json, kind, label, moment }] of Object.entries(hostile)) {
		const leaf = name.split('.').at(-1) ?? '';
		const type = parameters.find((parameter) => parameter.name === name)?.property.type;
		const what = `${name} is ${label}`;
		if (label.startsWith('collection: ')) continue;
		// n8n takes a whole collection that is an expression for an empty one.
		if (type === 'collection') continue;
		if (kind === 'fails') return what;
		if (leaf in MOMENTS) {
			if (kind === 'date' && moment === undefined) return what;
			if (kind === 'text' && isWords(json)) return what;
		}
		if (type === 'multiOptions' || type === 'json') continue;
		if (type === 'boolean' && typeof json === 'boolean') continue;
		// Of a file that is not named by its ID there is no version to match.
		if (leaf === 'ifMatch' && operation === 'upload') continue;
		const isNothing = kind === 'nothing' || kind === 'wrongType';
		if (isNothing && !MAY_DEFAULT.has(leaf)) return what;
		if (kind === 'text' && isPathLike(leaf) && typeof json === 'string' && !json.isWellFormed())
			return what;
	}
	return undefined;
}

function isPathLike(leaf: string): boolean {
	return ['path', 'folder', 'parentFolderId', 'fileName'].includes(leaf);
}

/** No date, and no number that somebody may have meant as one. */
function isWords(json: unknown): boolean {
	return typeof json === 'string' && json.trim() !== '' && Number.isNaN(Number(json.trim()));
}

function momentOf(name: string, { kind, moment }: HostileValue): ExpectedMoment[] {
	const field = MOMENTS[name.split('.').at(-1) ?? ''];
	if (field === undefined || kind !== 'date' || moment === undefined) return [];
	return [{ field, parameter: name, moment }];
}

function passwordOf(hostile: Record<string, HostileValue>): string | undefined {
	const password = hostile['options.linkPassword'];
	if (password === undefined || !['text', 'number'].includes(password.kind)) return undefined;
	const { json } = password;
	const isGiven = (typeof json === 'string' && json !== '') || typeof json === 'number';
	return isGiven ? String(json) : undefined;
}

/** Undefined for what cannot be told from the outside. */
function pathsOf(
	scenario: InputScenario,
	item: FuzzedItem,
	hostile: Record<string, HostileValue>,
): ReadonlySet<string> | undefined {
	const { common } = scenario;
	if (OTHER_PLACES.some((name) => name in hostile)) return undefined;
	// In another mode than the run's it is read in other ways.
	if ('parentFolderId' in scenario.nodeWide) return undefined;
	const given = (name: string): string => textIn(scenario, item, hostile, name);
	const own =
		item.binary?.fileName === undefined ? item.file.fileName : (item.binary.fileName ?? '');
	if (scenario.operation === 'commit') return new Set([skeleton(`/${item.file.fileName}`)]);
	const folder = given('folder') + '/' + given('parentFolderId');
	const { mode } = (common.parentFolderId ?? {}) as { mode?: string };
	const isNumbered = mode === 'id' || mode === 'list';
	const path = given('path');
	const typed = given('fileName');
	const base = `${isNumbered ? given('folder') : folder}/${path}`;
	const name = typed === '' ? own : typed;
	const names =
		scenario.operation === 'upload'
			? [name, ...(mayBeCut(scenario, given('ifExists')) ? cutNames(name) : [])]
			: [];
	return new Set([
		...names.map((one) => skeleton(`${base}/${one}`)),
		...(path === '' ? [] : [skeleton(base)]),
	]);
}

const mayBeCut = ({ vendor }: InputScenario, ifExists: string): boolean =>
	vendor === 'Box' && ifExists === 'rename';

/** Rename cuts a long name between characters to make room for its number: 255 in all, as Box counts at most. */
function cutNames(name: string): string[] {
	const starts: string[] = [];
	let start = '';
	for (const character of name) {
		start += character;
		if (start.length > 255) break;
		if (start.length >= 240) starts.push(start);
	}
	return name.length > 255 ? starts : [];
}

/** Where they lead follows from the account. */
const OTHER_PLACES = [
	'options.root',
	'options.namespaceId',
	'options.selectUser',
	'options.selectAdmin',
	'options.asUser',
	'uploadAs',
	'fileId',
	'sessionId',
	'asyncJobId',
	'offset',
	'url',
	'source',
];

function textIn(
	{ common }: InputScenario,
	{ values }: FuzzedItem,
	hostile: Record<string, HostileValue>,
	name: string,
): string {
	const own = hostile[name];
	const value = own ? (own.json ?? own.text) : (values[name] ?? common[name] ?? '');
	const located =
		typeof value === 'object' && value !== null ? (value as { value?: unknown }).value : value;
	return typeof located === 'string' || typeof located === 'number' ? String(located) : '';
}

/** A path without what services and file systems change about names in documented ways; nothing else may be missing. */
export function skeleton(path: string): string {
	return path
		.replace(/ \(\d+\)(?=\.[^./]*$|$)/, '')
		.toWellFormed()
		.normalize('NFC')
		.toLowerCase()
		.replaceAll(/[\s\p{Cc}\p{Cf}/\\_:*?"<>|\ufffd]/gu, '');
}
