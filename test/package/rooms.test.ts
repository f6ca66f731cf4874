/** The picture of the rooms in ARCHITECTURE.md against what the shipped code really imports. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { repositoryDir } from '../support/freshBuild';

const NODES_DIR = path.join(repositoryDir, 'nodes');
const CONTENTS = ['DropboxUpload.node', 'BoxUpload.node', 'operations'];

/** The room of a file below nodes/, named without its ending; none for what lies in nodes/shared itself. */
function roomOf(file: string): string | undefined {
	const [house, room = '', ...below] = file.split('/');
	if (house === 'cloudSources') return 'cloudSources';
	if (house === 'shared') return below.length > 0 ? room : undefined;
	if (room === 'run') return 'account';
	if (room === 'fields') return 'parameters';
	if (room === 'api') return room;
	return CONTENTS.includes(room) ? 'contents' : 'operations';
}

interface Import {
	readonly from: string;
	readonly to: string;
	/** For the message when it is not in the picture. */
	readonly where: string;
}

function importsBetweenRooms(): Import[] {
	const files = readdirSync(NODES_DIR, { recursive: true, encoding: 'utf8' })
		.filter((name) => name.endsWith('.ts'))
		.map((name) => name.split(path.sep).join('/'));
	return files.flatMap((file) => {
		const text = readFileSync(path.join(NODES_DIR, file), 'utf8');
		return [...text.matchAll(/ from '(\.[^']+)';/g)].flatMap(([, specifier = '']) => {
			const target = path.posix.join(path.posix.dirname(file), specifier);
			const [from, to] = [roomOf(file.replace(/\.ts$/, '')), roomOf(target)];
			if (from === to || to === undefined) return [];
			return [{ from: from ?? 'shared', to, where: `${file} -> ${target}` }];
		});
	});
}

function arrowsOfPicture(): Map<string, string[]> {
	const page = readFileSync(path.join(repositoryDir, 'ARCHITECTURE.md'), 'utf8');
	const picture = /```mermaid\n(flowchart TD[\s\S]*?)```/.exec(page)?.[1] ?? '';
	const arrows = new Map<string, string[]>();
	for (const [, from = '', targets = ''] of picture.matchAll(/^\s*(\w+) --> (.+)$/gm)) {
		arrows.set(from, [...(arrows.get(from) ?? []), ...targets.split(' & ')]);
	}
	return arrows;
}

/** Everything that can be reached from a room along the arrows. */
function reachableFrom(room: string, arrows: ReadonlyMap<string, readonly string[]>): Set<string> {
	const reached = new Set<string>();
	const open = [...(arrows.get(room) ?? [])];
	for (let next = open.pop(); next !== undefined; next = open.pop()) {
		if (reached.has(next)) continue;
		reached.add(next);
		open.push(...(arrows.get(next) ?? []));
	}
	return reached;
}

describe('the picture of the rooms in ARCHITECTURE.md', () => {
	const arrows = arrowsOfPicture();
	const imports = importsBetweenRooms();

	it('has a way along its arrows for every import', () => {
		const missing = imports
			.filter(({ from, to }) => !reachableFrom(from, arrows).has(to))
			.map(({ where }) => where);
		expect(imports.length).toBeGreaterThan(100);
		expect(missing).toEqual([]);
	});

	it('has no arrow that no import stands for', () => {
		const drawn = [...arrows].flatMap(([from, targets]) =>
			targets.map((to) => `${from} --> ${to}`),
		);
		const real = new Set(imports.map(({ from, to }) => `${from} --> ${to}`));
		expect(drawn.length).toBeGreaterThan(10);
		expect(drawn.filter((arrow) => !real.has(arrow))).toEqual([]);
	});

	it('goes one way: no room can be reached from itself', () => {
		const inCircle = [...arrows.keys()].filter((room) => reachableFrom(room, arrows).has(room));
		expect(inCircle).toEqual([]);
	});
});
