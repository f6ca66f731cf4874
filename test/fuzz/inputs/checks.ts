/** What the clouds hold after a run against what the parameters asked for. */
import type { Claim } from '../../faults/campaign/claims';
import type { HeldFile, HeldLink } from '../checks/held';
import { hashOf } from '../checks/held';
import type { Told } from '../checks/told';
import type { Expected } from './expected';
import { expectedOf, isHostile, skeleton } from './expected';
import type { FuzzedItem, InputScenario } from './scenario';

export interface Aftermath {
	readonly scenario: InputScenario;
	readonly told: Told;
	readonly before: readonly HeldFile[];
	readonly after: readonly HeldFile[];
	readonly links: readonly HeldLink[];
}

type End = 'stored' | 'skipped' | 'failed';

export function inputFindings(aftermath: Aftermath): string[] {
	const { scenario, told } = aftermath;
	const findings = scenario.items.flatMap((item, index) => itemFindings(aftermath, item, index));
	return [
		...told.findings,
		...findings,
		...strangers(aftermath),
		...replaced(aftermath),
		...wrongStop(aftermath),
	];
}

function itemFindings(aftermath: Aftermath, item: FuzzedItem, index: number): string[] {
	const { scenario, told } = aftermath;
	const claim = told.claims[index] ?? { kind: 'silent' };
	const expected = expectedOf(scenario, item);
	const about = `item ${index}`;
	const found: string[] = [];
	const own = ownFiles(aftermath, item);
	if (expected.refused !== undefined) {
		for (const { path } of own)
			found.push(`${about} is stored as ${short(path)}, although ${expected.refused}`);
		const isSkipped = claim.kind === 'skipped' && !expected.maySkip;
		const isSuccess = claim.kind === 'stored' || isSkipped;
		if (isSuccess) found.push(`${about} ends as ${claim.kind}, although ${expected.refused}`);
	}
	if (own.length > 1) found.push(`${about} is stored ${own.length} times`);
	for (const file of own) found.push(...placeFindings(about, file, expected, aftermath));
	found.push(...claimFindings(about, claim, own, aftermath, item));
	if (!isHostile(scenario, item)) found.push(...missedEnd(about, claim, own, aftermath, item));
	return found;
}

function placeFindings(
	about: string,
	file: HeldFile,
	expected: Expected,
	{ links, scenario }: Aftermath,
): string[] {
	const { moments, password, paths } = expected;
	const found: string[] = [];
	if (paths !== undefined && !paths.has(skeleton(file.path))) {
		found.push(`${about} is stored as ${short(file.path)}, which nobody asked for`);
	}
	if (!file.path.isWellFormed()) found.push(`${about} is stored under half a surrogate pair`);
	const link = links.find(({ path }) => path.toLowerCase() === file.path.toLowerCase());
	for (const { field, moment, parameter } of moments) {
		const held = field === 'expires' ? link?.expires : file[field];
		if (field === 'expires' && link === undefined) continue;
		if (held !== moment) found.push(`${about}: ${parameter} should be ${moment}, and is ${held}`);
	}
	const isDropbox = scenario.vendor === 'Dropbox';
	if (
		link !== undefined &&
		password !== undefined &&
		link.password !== (isDropbox ? password : true)
	) {
		found.push(`${about} has a link with another password than was given, or with none`);
	}
	return found;
}

/** At the end of a wait that may be as short as anyone likes. */
const STILL_AT_WORK = new Set(['job/in_progress', 'commit/processing']);

function claimFindings(
	about: string,
	claim: Claim,
	own: readonly HeldFile[],
	{ scenario: { stores } }: Aftermath,
	{ binary, isTaken }: FuzzedItem,
): string[] {
	if (claim.kind === 'failed') {
		const { path, stored } = claim.error;
		if (stored === 'no' && own.length > 0)
			return [`${about} says that it is not stored (${path}), and is`];
		if (stored === 'yes' && own.length === 0)
			return [`${about} says that it is stored (${path}), and is not`];
		if (stored === 'unknown' && stores && !STILL_AT_WORK.has(path))
			return [`${about} says "unknown" (${path}), although every answer arrived`];
		return [];
	}
	const isPlan = claim.kind === 'stored' && 'plan' in claim.json;
	const isWhole = binary === undefined || binary.readable;
	if (stores && claim.kind === 'stored' && own.length === 0 && isWhole && !isPlan) {
		return [`${about} says that it is stored, and is not`];
	}
	if (stores && claim.kind === 'skipped' && own.length > 0 && !isTaken) {
		return [`${about} says that it was skipped, and is stored`];
	}
	return [];
}

/** What nobody has meddled with must end as it always does, whatever is wrong with the others. */
function missedEnd(
	about: string,
	claim: Claim,
	own: readonly HeldFile[],
	aftermath: Aftermath,
	item: FuzzedItem,
): string[] {
	const { scenario } = aftermath;
	const end = endOf(scenario, item);
	if (mayBeDry(scenario) && claim.kind === 'stored' && 'plan' in claim.json) return [];
	if (scenario.stores && end === 'stored' && own.length === 0) {
		const said = claim.kind === 'failed' ? ` (${claim.error.path}: ${claim.error.message})` : '';
		return [`${about} is in order, and was not stored: ${claim.kind}${said}`];
	}
	if (claim.kind === 'silent' || claim.kind === end) return [];
	const said = claim.kind === 'failed' ? `${claim.error.path}: ${claim.error.message}` : claim.kind;
	return [`${about} is in order, and ended as "${said}" instead of ${end}`];
}

/** The first item decides for all whether a run is a dry one. */
function mayBeDry({ items, nodeWide }: InputScenario): boolean {
	return [nodeWide, items[0]?.hostile ?? {}].some((values) => 'options.planOnly' in values);
}

function endOf({ common, stores }: InputScenario, { isTaken = false }: FuzzedItem): End {
	if (!stores || !isTaken) return 'stored';
	if (common.ifExists === 'skip') return 'skipped';
	return common.ifExists === 'fail' ? 'failed' : 'stored';
}

/** Files with the content of the item. */
function ownFiles({ after, before, scenario }: Aftermath, { file }: FuzzedItem): HeldFile[] {
	const hash = hashOf(scenario.vendor, file.content);
	return after.filter((held) => held.hash === hash && !before.some((old) => isSame(old, held)));
}

function isSame(one: HeldFile, other: HeldFile): boolean {
	return one.path === other.path && one.hash === other.hash;
}

/** Files that are no item's content; odd data of an item may be any. */
function strangers({ after, before, scenario }: Aftermath): string[] {
	if (scenario.items.some(({ binary }) => binary !== undefined && !binary.readable)) return [];
	const known = new Set([
		...before.map(({ hash }) => hash),
		...scenario.items.map(({ file }) => hashOf(scenario.vendor, file.content)),
	]);
	return after
		.filter(({ hash }) => !known.has(hash))
		.map(
			({ path, sizeBytes }) => `${short(path)} is there with ${sizeBytes} bytes that no item has`,
		);
}

/** What was there before goes only where If File Exists says so. */
function replaced({ after, before, scenario }: Aftermath): string[] {
	const mayGo = scenario.items.some((item) => expectedOf(scenario, item).mayReplace);
	if (mayGo) return [];
	return before
		.filter((old) => !after.some((held) => isSame(old, held)))
		.map(({ path }) => `${short(path)} was there before, and is gone`);
}

/** A run that stops names an item that has something wrong with it. */
function wrongStop({ scenario, told: { stoppedAt } }: Aftermath): string[] {
	const item = stoppedAt === undefined ? undefined : scenario.items[stoppedAt];
	if (item === undefined) return [];
	const mayFail = isHostile(scenario, item) || endOf(scenario, item) === 'failed';
	return mayFail ? [] : [`the run stopped at item ${stoppedAt}, which is in order`];
}

function short(path: string): string {
	return path.length > 120
		? `${JSON.stringify(path.slice(0, 120))} and ${path.length - 120} more`
		: JSON.stringify(path);
}
