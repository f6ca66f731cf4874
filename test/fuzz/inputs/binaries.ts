/** Files of an item as nodes that write them by hand have left them. */
import type { FileSpec } from '../../engine/types';
import type { Random } from '../../faults/campaign/random';

export interface HostileBinary {
	readonly label: string;
	/** What becomes of n8n's own entry. */
	readonly change: Pick<FileSpec, 'entry' | 'lacks'>;
	/** The only name that it may be stored under; absent when the name is as it was, null when it has none. */
	readonly fileName?: string | null;
	/** Whether the bytes are still there to be read. */
	readonly readable: boolean;
}

const HALF = 'ha\ud800lf.bin';

const names: Array<[label: string, value: unknown]> = [
	['null', null],
	['a number', 42],
	['an object', { name: 'x' }],
	['a list', ['x.bin']],
	['true', true],
	['empty', ''],
	['a blank', ' '],
	['slashes', 'a/b\\c.bin'],
	['dots', '..'],
	['half a pair', HALF],
	['control characters', 'a\u0000b\u0001\n.bin'],
	['blanks at its ends', '  in.bin  '],
	['Thumbs.db', 'Thumbs.db'],
	['desktop.ini', 'desktop.ini'],
	['10 kB', 'n'.repeat(10_000)],
	['256 emoji', '😀'.repeat(256)],
	['decomposed', 'Re\u0301sume\u0301.pdf'],
	['__proto__', '__proto__'],
	['a temporary name', '~$report.docx'],
	['percent', '%E0%A4%A.bin'],
];

const entries: HostileBinary[] = [
	...names.map(([name, fileName]): HostileBinary => ({
		label: `a file name: ${name}`,
		change: { entry: { fileName: fileName as string } },
		fileName: typeof fileName === 'string' && fileName.trim() !== '' ? fileName : null,
		readable: true,
	})),
	{ label: 'no file name', change: { lacks: ['fileName'] }, fileName: null, readable: true },
	{ label: 'no mimeType', change: { lacks: ['mimeType'] }, readable: true },
	...[null, 42, 'x\r\nX-Evil: 1', '', { a: 1 }, 'é'.repeat(500)].map((mimeType): HostileBinary => ({
		label: `a mimeType: ${JSON.stringify(mimeType).slice(0, 20)}`,
		change: { entry: { mimeType: mimeType as string } },
		readable: true,
	})),
	...[null, -1, 1.5, '7', 1e21, 0, 3, {}].map((bytes): HostileBinary => ({
		label: `bytes: ${JSON.stringify(bytes)}`,
		change: { entry: { bytes } },
		readable: true,
	})),
	...[null, 42, ['x'], '/data/in', 'x'.repeat(10_000)].map((directory): HostileBinary => ({
		label: `a directory: ${JSON.stringify(directory).slice(0, 20)}`,
		change: { entry: { directory: directory as string } },
		readable: true,
	})),
	...(
		[
			['a number', 42],
			['null', null],
			['an object', { a: 1 }],
			['a store that is none', 'nowhere:1'],
			['another file', 'filesystem-v2:nope'],
			['a path', 'filesystem-v2:../../etc/passwd'],
			['empty', ''],
		] as Array<[string, unknown]>
	).map(([name, id]): HostileBinary => ({
		label: `an id: ${name}`,
		change: { entry: { id: id as string, data: '%' } },
		readable: false,
	})),
	...[null, 42, {}, '%%%', 'filesystem-v2', 'ha\ud800lf', 'YQ', 'Y'].map((data): HostileBinary => ({
		label: `data: ${JSON.stringify(data)}`,
		change: { entry: { data: data as string }, lacks: ['id', 'bytes'] },
		readable: false,
	})),
	{ label: 'no data', change: { lacks: ['data', 'id', 'bytes'] }, readable: false },
	{
		label: 'nothing in the entry',
		change: { lacks: ['data', 'id', 'bytes', 'mimeType', 'fileName'] },
		readable: false,
	},
];

export function hostileBinary(random: Random): HostileBinary {
	return random.pick(entries);
}
