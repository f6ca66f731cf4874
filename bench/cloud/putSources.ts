/** Files that a vendor has before anyone copies them; their bytes are made when somebody reads them. */
import type { LoopbackCloud } from '../../test/cloud';
import type { InputFile } from '../clients/job';

const FILES_OF_FOLDER = 50;

export function putSources(
	{ box, dropbox }: LoopbackCloud,
	vendor: 'dropbox' | 'box',
	files: readonly InputFile[],
): string[] {
	const folders = new Map<string, string>();
	const folderOf = (name: string): string => {
		const id = folders.get(name) ?? box.putFolder({ name }).id;
		folders.set(name, id);
		return id;
	};
	return files.map(({ name, seed, sizeBytes }, index) => {
		if (seed === undefined) throw new Error(`Nobody knows what ${name} is made of`);
		const folder = `Folder ${Math.floor(index / FILES_OF_FOLDER) + 1}`;
		const content = { sizeBytes, seed };
		if (vendor === 'dropbox') {
			return dropbox.putFile(`/${folder}/${name}`, content).path;
		}
		const modifiedAtMs = Date.parse('2026-01-02T03:04:05Z');
		return box.putFile({ name, content, parentId: folderOf(folder), modifiedAtMs }).id;
	});
}
