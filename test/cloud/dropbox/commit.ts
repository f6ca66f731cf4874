/** How bytes become a file at a path: conflicts, renaming, quota, property groups. */
import type { StoredContent } from './contentHash';
import type { Contention } from './contention';
import { tag, type Tagged } from './errors';
import { fileMetadata } from './metadata';
import { faultOfPath, pathFaultTag, withSuffix } from './paths';
import type { DropboxSettings } from './settings';
import type { Place, Space, View } from './space';
import { newId, newRev, type FileNode, type PropertyGroup } from './tree';

export interface CommitInfo {
	readonly path: string;
	readonly mode: Tagged & { readonly update?: string };
	readonly autorename: boolean;
	readonly client_modified?: string;
	readonly mute: boolean;
	readonly property_groups?: readonly PropertyGroup[];
	readonly strict_conflict: boolean;
}

export type CommitOutcome =
	| { readonly kind: 'stored'; readonly metadata: Record<string, unknown> }
	/** Of the union WriteError. */
	| { readonly kind: 'refused'; readonly writeError: Tagged }
	/** The file is stored all the same. */
	| { readonly kind: 'storedWithoutProperties'; readonly propertiesError: Tagged }
	/** The account's lock was taken; the same call may succeed later. */
	| { readonly kind: 'contention' };

export interface CommitParts {
	readonly space: Space;
	readonly settings: DropboxSettings;
	readonly contention: Contention;
	readonly nowMs: () => number;
}

export function commit(
	parts: CommitParts,
	view: View,
	info: CommitInfo,
	content: StoredContent,
): CommitOutcome {
	const { space, settings } = parts;
	if (parts.contention.strikes()) return { kind: 'contention' };
	const pathFault = faultOfPath(info.path);
	if (pathFault) return refused(pathFaultTag(pathFault, info.path));
	const place = space.resolve(view, info.path);
	if (!place || place.path === '') {
		return refused(tag(info.path.startsWith('ns:') ? 'no_write_permission' : 'malformed_path'));
	}
	if (place.tree.isReadOnly) return refused(tag('no_write_permission'));
	if (space.fileAbove(place)) return refused(conflict('file_ancestor'));

	const target = chooseTarget(place, info, content);
	if (target.kind === 'refused') return target;
	if (target.kind === 'unchanged') {
		return { kind: 'stored', metadata: fileMetadata(space, view, place, target.file) };
	}
	const used = settings.quotaBytes === Infinity ? 0 : space.usedBytes(view.account);
	if (used + content.size - (target.replaces?.content.size ?? 0) > settings.quotaBytes) {
		return refused(tag('insufficient_space'));
	}

	const propertiesError = propertiesErrorOf(info.property_groups ?? [], settings.templateIds);
	const now = timestamp(parts.nowMs());
	const file = place.tree.putFile(target.path, {
		id: target.replaces?.id ?? newId(),
		rev: newRev(),
		content,
		clientModified: info.client_modified ?? now,
		serverModified: now,
		propertyGroups: propertiesError ? undefined : info.property_groups,
	});
	if (propertiesError) return { kind: 'storedWithoutProperties', propertiesError };
	const stored = { tree: place.tree, path: file.path };
	return { kind: 'stored', metadata: fileMetadata(space, view, stored, file) };
}

type Target =
	| { readonly kind: 'write'; readonly path: string; readonly replaces?: FileNode }
	| { readonly kind: 'unchanged'; readonly file: FileNode }
	| { readonly kind: 'refused'; readonly writeError: Tagged };

function chooseTarget(place: Place, info: CommitInfo, content: StoredContent): Target {
	const { tree, path } = place;
	const existing = tree.get(path);
	const mode = info.mode['.tag'];
	if (!existing) {
		// A revision of a file that was deleted since: only a strict client calls that a conflict.
		if (mode === 'update' && info.strict_conflict) return refused(conflict('file'));
		return { kind: 'write', path };
	}
	if (existing.kind === 'folder') {
		return info.autorename ? renamed(place, 'add') : refused(conflict('folder'));
	}
	if (mode === 'overwrite' || (mode === 'update' && info.mode.update === existing.rev)) {
		const { clientModified } = existing;
		const isSame =
			existing.content.contentHash === content.contentHash &&
			(info.client_modified ?? clientModified) === clientModified &&
			info.property_groups === undefined;
		if (isSame) return { kind: 'unchanged', file: existing };
		return { kind: 'write', path: existing.path, replaces: existing };
	}
	const hasSameContent = existing.content.contentHash === content.contentHash;
	if (hasSameContent && !info.strict_conflict) return { kind: 'unchanged', file: existing };
	return info.autorename ? renamed(place, mode) : refused(conflict('file'));
}

function renamed({ tree, path }: Place, mode: string): Target {
	for (let number = 1; ; number += 1) {
		const conflicted = number === 1 ? 'conflicted copy' : `conflicted copy ${number}`;
		const candidate = withSuffix(path, mode === 'update' ? conflicted : String(number));
		if (!tree.get(candidate)) return { kind: 'write', path: candidate };
	}
}

function propertiesErrorOf(
	groups: readonly PropertyGroup[],
	templateIds: readonly string[],
): Tagged | undefined {
	const unknown = groups.find(({ template_id: id }) => !templateIds.includes(id));
	if (unknown) return tag('template_not_found', { template_not_found: unknown.template_id });
	const ids = new Set(groups.map(({ template_id: id }) => id));
	return ids.size < groups.length ? tag('duplicate_property_groups') : undefined;
}

export function conflict(kind: 'file' | 'folder' | 'file_ancestor'): Tagged {
	return tag('conflict', { conflict: tag(kind) });
}

function refused(writeError: Tagged): { kind: 'refused'; writeError: Tagged } {
	return { kind: 'refused', writeError };
}

/** Dropbox's times have whole seconds. */
export function timestamp(ms: number): string {
	return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
