import type { Rig } from '../../support/rig';
import type { Baseline, PlannedItem } from './baseline';

/** Another client's file at the place of the item. */
export function putTaken(
	rig: Rig,
	{ common, vendor }: Pick<Baseline, 'common' | 'vendor'>,
	item: PlannedItem,
): void {
	const { values, file } = item;
	const located = (name: string): string =>
		((common[name] ?? {}) as { value?: string }).value ?? '';
	const given = (name: string): string => (common[name] ?? values[name] ?? '') as string;
	const name = given('fileName') || file.fileName;
	const content = `not from this workflow: ${file.content}`;
	if (vendor === 'Dropbox') {
		rig.cloud.dropbox.putFile(`${located('folder')}/${name}`, content);
		return;
	}
	let parentId = '0';
	for (const folderName of located('parentFolderId').split('/').slice(1)) {
		const there = rig.cloud.box
			.folders()
			.find((folder) => folder.parentId === parentId && folder.name === folderName);
		parentId = (there ?? rig.cloud.box.putFolder({ name: folderName, parentId })).id;
	}
	rig.cloud.box.putFile({ name, parentId, content });
}
