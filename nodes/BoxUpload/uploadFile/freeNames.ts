import { forUser } from '../../shared/catalogue';
import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { memoized } from '../../shared/memoized';
import type { Connection } from '../api/connection';
import { toFailure } from '../api/failures/read';
import { isRouteRefused } from '../api/failures/refusedRoute';
import { checkUpload } from '../api/files';
import { MAX_NAME_CHARACTERS } from '../fields/fileName';
import { itemsIn } from './folderItems';
import type { LocatedFile } from './types';
import { nameKey, nameKeyIn } from './types';

/** More than so many pages of 1,000 items are not read to find a free name; Box is asked for names instead. */
const MAX_PAGES = 20;
/** Longer ones are no ending that anything goes by. */
const MAX_ENDING_CHARACTERS = 32;
/** Each step doubles the number that is tried: more than a billion taken names are no folder. */
const MAX_DOUBLINGS = 30;

interface Taken {
	readonly keys: Set<string>;
	/** False where the folder has more items than were read. */
	readonly complete: boolean;
}

/** Names for files whose own name is taken: `report (1).pdf`, `report (2).pdf` and so on. */
export class FreeNames {
	private readonly takenIn = memoized(
		(folderId: string) => folderId,
		async (folderId) => await this.list(folderId),
		{ keepFailures: false },
	);
	/** By folder and name, the number that was given last. */
	private readonly given = new Map<string, number>();
	/** Folders whose list does not have what they hold. */
	private readonly stale = new Set<string>();

	/** Names that other items of the run ask for. */
	private readonly wanted = new Set<string>();

	constructor(private readonly connection: Connection) {}

	/** A name that an item asks for is given to no other. */
	reserveFor(located: readonly LocatedFile[]): void {
		for (const { file, folderId } of located) {
			const { ifExists, destination } = file;
			if (destination.kind === 'folder' && ifExists !== 'rename') {
				this.wanted.add(nameKeyIn(folderId, destination.fileName));
			}
		}
	}

	/** Gives each name once, for a file of this size. */
	async next(folderId: string, name: string, sizeBytes: number): Promise<Outcome<string>> {
		const listed = await this.takenIn(folderId);
		if (!listed.ok) return listed;
		const { complete, keys } = listed.value;
		keys.add(nameKey(name));
		const key = `${folderId}/${nameKey(name)}`;
		let first = (this.given.get(key) ?? 0) + 1;
		const isKnown = (fileName: string): boolean =>
			keys.has(nameKey(fileName)) || this.wanted.has(`${folderId}/${nameKey(fileName)}`);
		while (isKnown(numbered(name, first))) first++;
		const isTaken = async (number: number): Promise<Outcome<boolean>> => {
			const fileName = numbered(name, number);
			if (isKnown(fileName)) return success(true);
			const checked = await checkUpload(this.connection, { folderId, fileName }, sizeBytes);
			if (checked.ok) return success(false);
			if (checked.failure.code === 'item_name_in_use') return success(true);
			// The upload itself is told so.
			return isRouteRefused(checked.failure) ? success(false) : checked;
		};
		const isListed = complete && !this.stale.has(folderId);
		const number = isListed ? success(first) : await firstFree(first, isTaken);
		if (!number.ok) return number;
		const free = numbered(name, number.value);
		this.given.set(key, number.value);
		keys.add(nameKey(free));
		return success(free);
	}

	/** A name was taken that is not in the list: from now on Box is asked before content is sent. */
	wasTaken(folderId: string): void {
		this.stale.add(folderId);
	}

	private async list(folderId: string): Promise<Outcome<Taken>> {
		const listed = await itemsIn(this.connection, folderId, MAX_PAGES);
		if (!listed.ok) {
			const asksForEach = isRouteRefused(listed.failure);
			return asksForEach ? success({ complete: false, keys: new Set() }) : listed;
		}
		const { complete, files } = listed.value;
		return success({ complete, keys: new Set(files.map((item) => nameKey(item.name ?? ''))) });
	}
}

/** From `first` on, the number after a row of taken ones, found in few questions. */
async function firstFree(
	first: number,
	isTaken: (number: number) => Promise<Outcome<boolean>>,
): Promise<Outcome<number>> {
	let taken = first - 1;
	let free = first;
	for (let asked = 1; ; asked++) {
		const checked = await isTaken(free);
		if (!checked.ok) return checked;
		if (!checked.value) break;
		if (asked >= MAX_DOUBLINGS) return failed(NONE_FREE);
		[taken, free] = [free, free * 2];
	}
	while (free - taken > 1) {
		const between = Math.floor((taken + free) / 2);
		const checked = await isTaken(between);
		if (!checked.ok) return checked;
		if (checked.value) taken = between;
		else free = between;
	}
	return success(free);
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Cut where it gets too long in any way of counting, between what people see as characters. */
export function numbered(name: string, number: number): string {
	const dot = name.lastIndexOf('.');
	const hasEnding = dot > 0 && name.length - dot <= MAX_ENDING_CHARACTERS;
	const [stem, ending] = hasEnding ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
	const suffix = ` (${number})${ending}`;
	return `${cut(stem, MAX_NAME_CHARACTERS - suffix.length)}${suffix}`;
}

function cut(text: string, maxLength: number): string {
	if (text.length <= maxLength) return text;
	let end = 0;
	for (const { index, segment } of graphemes.segment(text)) {
		if (index + segment.length > maxLength) break;
		end = index + segment.length;
	}
	// One character with hundreds of accents.
	return end > 0 ? text.slice(0, end) : text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, '');
}

const NONE_FREE = toFailure(
	'item_name_in_use',
	forUser(
		'No free name was found next to the existing file',
		"Choose another name in 'File Name', or another folder.",
	),
);
