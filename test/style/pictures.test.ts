/** Pictures in docs/images show the texts that the nodes have now. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { repositoryDir } from '../support/freshBuild';
import { OUTDATED, pictureRecord, pictures, textsHash } from './pictures';

const made = readdirSync(path.join(repositoryDir, 'docs', 'images'))
	.filter((file) => file.endsWith('.png'))
	.map((file) => path.basename(file, '.png'));

test('it is known of each picture what it shows', () => {
	expect([...pictures].sort()).toEqual([...made].sort());
	expect(Object.keys(pictureRecord()).sort()).toEqual([...made].sort());
});

test('no picture is older than its texts, but for those that say so', () => {
	const record = pictureRecord();
	const older = pictures.filter(
		(picture) => record[picture] !== OUTDATED && record[picture] !== textsHash(picture),
	);
	// Make them again with `npm run test:n8n -- --screenshots`.
	expect(older).toEqual([]);
});

test('the moving picture moves, and loads in a moment', () => {
	const picture = readFileSync(path.join(repositoryDir, 'docs', 'images', 'run.png'));
	const frames = picture.readUInt32BE(picture.indexOf('acTL') + 4);
	expect(frames).toBeGreaterThan(4);
	expect(picture.length).toBeLessThan(2_000_000);
});
