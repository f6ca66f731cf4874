/** What the vendor holds in the end against what the items say: the one thing that a run must get right. */
import type { Claim } from './claims';
import { isUnchanged } from './claims';
import type { PlannedFile, Scenario } from './scenario';
import type { FaultVendor, StoredFile } from '../vendors/vendor';

export interface Situation {
	readonly scenario: Scenario;
	readonly vendor: FaultVendor;
	/** What lay there before this execution. */
	readonly before: readonly StoredFile[];
	readonly after: readonly StoredFile[];
	readonly claims: readonly Claim[];
	/** Of all executions: this one may send only some of the files. */
	readonly allFiles: readonly PlannedFile[];
	/** Paths that another client has written to meanwhile. */
	readonly foreignPaths: ReadonlySet<string>;
	/** Whether a session has gone by itself. */
	readonly lostSessions: boolean;
}

/** Sentences about what is not as it is said to be; none when all is true. */
export function contradictions(situation: Situation): string[] {
	const { after, before, claims, scenario, vendor, foreignPaths } = situation;
	const found: string[] = [];
	const held = countByHash(after);
	const hadBefore = countByHash(before);
	const explained = new Set<StoredFile>();

	for (const [index, file] of scenario.files.entries()) {
		const claim = claims[index];
		if (claim === undefined) continue;
		const hash = vendor.hashOf(file.content);
		const path = vendor.pathOf(file.name);
		const had = hadBefore.get(hash) ?? 0;
		const added = (held.get(hash) ?? 0) - had;
		const about = `item ${index} (${path})`;
		const own = after.filter((stored) => stored.hash === hash);
		for (const stored of own) explained.add(stored);
		if (added > 1) found.push(`${about} is there ${added} times`);

		if (claim.kind === 'stored') {
			const said = vendor.claimOf(claim.json);
			if (said.hash !== hash || said.sizeBytes !== file.content.sizeBytes) {
				found.push(`${about} says that it is stored with other content`);
			}
			const isThere = own.some((stored) => stored.path === said.path && !stored.isReplaced);
			if (!isThere && !mayBeReplaced(situation, file)) {
				found.push(`${about} says that it is stored as ${said.path}, and is not there`);
			}
		} else if (claim.kind === 'skipped') {
			if (added > 0) found.push(`${about} says that it was skipped, and is stored`);
			if (!after.some((stored) => stored.path === path)) {
				found.push(`${about} says that it was skipped, and nothing is there`);
			}
			const isSame = own.some((stored) => stored.path === path && !stored.isReplaced);
			if (isUnchanged(claim.json) && !isSame && !mayBeReplaced(situation, file)) {
				found.push(`${about} says that it is unchanged, and other content is there`);
			}
		} else if (claim.kind === 'failed') {
			if (claim.error.stored === 'no' && added > 0) {
				found.push(`${about} says that it is not stored (${claim.error.path}), and is`);
			}
			if (claim.error.stored === 'yes' && added < 1 && had < 1) {
				found.push(`${about} says that it is stored (${claim.error.path}), and is not`);
			}
		}
	}

	for (const stored of after) {
		const isOld = before.some(({ path, hash }) => path === stored.path && hash === stored.hash);
		const isForeign = foreignPaths.has(stored.path.toLowerCase());
		if (!explained.has(stored) && !isOld && !isForeign) {
			found.push(`${stored.path} is there, and no item and nobody else has put it there`);
		}
	}
	for (const old of before) {
		const isKept = after.some(({ path, hash }) => path === old.path && hash === old.hash);
		const target = scenario.files.some(({ name }) => vendor.pathOf(name) === old.path);
		const mayGo =
			(scenario.ifExists === 'replace' && target) || foreignPaths.has(old.path.toLowerCase());
		if (!isKept && !mayGo) found.push(`${old.path} was there before, and is gone`);
	}
	return found;
}

/** Another client may have put another file in its place; no other item of the run may. */
function mayBeReplaced({ foreignPaths, vendor }: Situation, { name }: PlannedFile): boolean {
	return foreignPaths.has(vendor.pathOf(name).toLowerCase());
}

export type End = 'stored' | 'skipped' | 'conflict' | 'unknown';

/** How a file may end when nothing lasts that would keep it from arriving. */
function allowedEnds(
	file: PlannedFile,
	{ claims, scenario, vendor, foreignPaths, lostSessions }: Situation,
): ReadonlySet<End> {
	const { ifExists, skipUnchanged } = scenario;
	const strict = scenario.strict || vendor.sameContentConflicts;
	const isForeign = foreignPaths.has(vendor.pathOf(file.name).toLowerCase());
	const isTwin = file.twinOf !== undefined;
	const isTaken = file.there === 'other' || isTwin;
	const ends = new Set<End>();
	const taken = (): void => {
		if (ifExists === 'skip') ends.add('skipped');
		else if (ifExists === 'fail') ends.add('conflict');
		else ends.add('stored');
	};
	if (isForeign || (isTaken && !(isTwin && ifExists === 'replace'))) taken();
	// No item replaces what another one of its run has stored, or may have.
	if (isTwin && ifExists !== 'rename') ends.add('conflict');
	if (isForeign && vendor.keepsVersions && ifExists === 'replace') ends.add('conflict');
	// After a lost answer a look tells nothing when another file lies there, or the session is gone for
	// another reason than the commit.
	const isForeignBeside =
		ifExists === 'rename' && isBesideForeign(vendor.pathOf(file.name), foreignPaths);
	if (isForeign || isForeignBeside || lostSessions) ends.add('unknown');
	// The item that would have been there first may not have come that far.
	const first = claims[scenario.files.findIndex(({ name }) => name === file.name)];
	if (isTwin && first?.kind === 'failed') ends.add('stored');
	if (!isTaken) {
		if (file.there === 'same') {
			// A commit that changes nothing counts as skipped once the file is some seconds old.
			if (!scenario.strict || ifExists === 'replace') ends.add('skipped');
			if (ifExists === 'skip' || skipUnchanged) ends.add('skipped');
			else if (ifExists === 'fail' && strict) {
				ends.add('conflict');
				// Whose refusal was lost looks, and finds the very content: as good as stored.
				if (vendor.sameContentConflicts) ends.add('stored');
			} else ends.add('stored');
		} else {
			ends.add('stored');
		}
	}
	return ends;
}

/** Whether another client has written to a name that Rename may have given: `a (1).txt` beside `a.txt`. */
function isBesideForeign(path: string, foreignPaths: ReadonlySet<string>): boolean {
	const stem = path.replace(/\.[^./]*$/, '').toLowerCase();
	return [...foreignPaths].some((foreign) => foreign.startsWith(`${stem} (`));
}

/** Files that did not end as they had to, although nothing lasted. */
export function missedEnds(
	situation: Situation,
	further: (file: PlannedFile) => readonly End[] = () => [],
): string[] {
	const { claims, scenario, vendor } = situation;
	return scenario.files.flatMap((file, index) => {
		const claim = claims[index];
		if (claim === undefined || claim.kind === 'silent') return [];
		const allowed = new Set([...allowedEnds(file, situation), ...further(file)]);
		const isConflict =
			claim.kind === 'failed' &&
			(claim.error.path === 'items/same_place' || vendor.conflict.test(claim.error.path));
		const isUnknown = claim.kind === 'failed' && claim.error.stored === 'unknown';
		const end = isUnknown ? 'unknown' : isConflict ? 'conflict' : claim.kind;
		if (end !== 'failed' && allowed.has(end)) return [];
		const said =
			claim.kind === 'failed' ? `${claim.error.path}, stored: ${claim.error.stored}` : end;
		return [
			`item ${index} (${vendor.pathOf(file.name)}) ended as "${said}", not as ${[...allowed].join(' or ')}`,
		];
	});
}

/** As above, for what a run sends that an earlier one may have stored. */
export function missedAgain(situation: Situation): string[] {
	const { scenario, vendor } = situation;
	const { ifExists, skipUnchanged } = scenario;
	const strict = scenario.strict || vendor.sameContentConflicts;
	const further = (file: PlannedFile): End[] => [
		...(ifExists === 'skip' || ifExists === 'replace' || skipUnchanged || !scenario.strict
			? (['skipped'] as const)
			: []),
		// What was the same may have been replaced since.
		...(situation.allFiles.some((other) => areTwins(file, other)) ? (['stored'] as const) : []),
		...(ifExists === 'fail' && (strict || situation.allFiles.some((other) => areTwins(file, other)))
			? (['conflict'] as const)
			: []),
	];
	return [...missedEnds(situation, further), ...missing(situation)];
}

/** A file whose place was free must be there in the end, whatever is said about it. */
function missing({ after, allFiles, claims, foreignPaths, scenario, vendor }: Situation): string[] {
	return scenario.files.flatMap((file, index) => {
		const path = vendor.pathOf(file.name);
		const isFree =
			file.there === undefined &&
			!foreignPaths.has(path.toLowerCase()) &&
			!allFiles.some((other) => areTwins(file, other));
		const isThere = after.some(({ hash }) => hash === vendor.hashOf(file.content));
		const kind = claims[index]?.kind;
		const isTold = kind === 'stored' || kind === 'skipped' || kind === 'failed';
		return isFree && isTold && !isThere ? [`item ${index} (${path}) is not there in the end`] : [];
	});
}

function areTwins(file: PlannedFile, other: PlannedFile): boolean {
	return other !== file && other.name === file.name;
}

export function countByHash(files: readonly StoredFile[]): Map<string, number> {
	const counts = new Map<string, number>();
	for (const { hash } of files) counts.set(hash, (counts.get(hash) ?? 0) + 1);
	return counts;
}
