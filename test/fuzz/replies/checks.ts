/** What the clouds hold after a run against what each item says: the one thing that no answer may change. */
import type { RunResult } from '../../engine/types';
import type { Claim } from '../../faults/campaign/claims';
import type { PlannedItem } from '../baseline/baseline';
import type { HeldFile } from '../checks/held';
import { hashOfFile } from '../checks/held';
import type { Told } from '../checks/told';
import { shownTexts } from '../checks/words';
import type { ReplyScenario } from './scenario';

export interface ReplyAftermath {
	readonly scenario: ReplyScenario;
	readonly told: Told;
	readonly before: readonly HeldFile[];
	readonly after: readonly HeldFile[];
}

/** Longer than anything that a person would read, or a database would like to keep. */
const LONGEST_TEXT = 40_000;

export function replyFindings(aftermath: ReplyAftermath): string[] {
	const { scenario, told } = aftermath;
	const ofItems = scenario.stores
		? scenario.items.flatMap((item, index) =>
				itemFindings(aftermath, item, index, told.claims[index] ?? { kind: 'silent' }),
			)
		: [];
	return [...told.findings, ...ofItems, ...strangers(aftermath), ...replaced(aftermath)];
}

function itemFindings(
	{ after, before, scenario }: ReplyAftermath,
	item: PlannedItem,
	index: number,
	claim: Claim,
): string[] {
	const { vendor } = scenario;
	const hash = hashOfFile(vendor, item.file);
	const own = after.filter(
		(held) => held.hash === hash && !before.some((old) => isSame(old, held)),
	);
	const about = `item ${index}`;
	const found: string[] = [];
	if (own.length > 1) found.push(`${about} is stored ${own.length} times`);
	if (claim.kind === 'stored') {
		if (own.length === 0) found.push(`${about} says that it is stored, and is not`);
		const said = claim.json[vendor === 'Dropbox' ? 'content_hash' : 'sha1'];
		// The single steps have not seen the file: what they hand on is the vendor's word.
		if (scenario.operation === 'upload' && typeof said === 'string' && said !== hash) {
			found.push(`${about} says that it is stored with other content`);
		}
	}
	if (claim.kind === 'failed') {
		const { path, stored } = claim.error;
		if (stored === 'no' && own.length > 0) {
			found.push(`${about} says that it is not stored (${path}), and is`);
		}
		if (stored === 'yes' && own.length === 0) {
			found.push(`${about} says that it is stored (${path}), and is not`);
		}
	}
	return found;
}

function isSame(one: HeldFile, other: HeldFile): boolean {
	return one.path === other.path && one.hash === other.hash;
}

function strangers({ after, before, scenario: { items, vendor } }: ReplyAftermath): string[] {
	const known = new Set([
		...before.map(({ hash }) => hash),
		...items.map(({ file }) => hashOfFile(vendor, file)),
	]);
	return after
		.filter(({ hash }) => !known.has(hash))
		.map(({ path, sizeBytes }) => `${path} is there with ${sizeBytes} bytes that no item has`);
}

/** What was there before goes only where If File Exists says so. */
function replaced({ after, before, scenario: { common } }: ReplyAftermath): string[] {
	if (common.ifExists === 'overwrite' || common.ifExists === 'version') return [];
	return before
		.filter((old) => !after.some((held) => isSame(old, held)))
		.map(({ path }) => `${path} was there before, and is gone`);
}

export function longTexts(result: RunResult): string[] {
	return shownTexts({ ...result, outputs: result.outputs.map(onlyErrors) })
		.filter(({ length }) => length > LONGEST_TEXT)
		.map(
			(text) =>
				`a text of ${text.length} characters is shown: ${JSON.stringify(text.slice(0, 100))}`,
		);
}

/** What a vendor answers to a call that went well is what the item is for. */
function onlyErrors(items: RunResult['outputs'][number]): RunResult['outputs'][number] {
	return items.filter(({ json }) => json.error !== undefined);
}
