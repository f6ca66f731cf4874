import { CASES, GIB, mixedSizes } from '../../bench/cases';
import { CONTENDERS } from '../../bench/contenders';
import { readOptions } from '../../bench/options';
import {
	casesOf,
	commandsOf,
	isSampled,
	medianOf,
	revisionsOf,
	spreadOf,
} from '../../bench/report/figures';
import { renderMeasured } from '../../bench/report/document';
import { renderChart } from '../../bench/report/svg';
import { merged, type Results, type Row, type Run } from '../../bench/results';
import { sampler } from '../../bench/contenders/sample';

const run = (wallMs: number, more: Partial<Run> = {}): Run => ({
	wallMs,
	cpuSeconds: 1,
	peakGrowthBytes: 5e6,
	sentFiles: 10,
	requests: 20,
	connections: 4,
	wireBytes: 3e6,
	cloudCpuSeconds: 0.5,
	loadAverage: 1.2,
	...more,
});

const row = (more: Partial<Row> = {}): Row => ({
	vendor: 'dropbox',
	caseId: 'one-1gib',
	caseTitle: '1 file of 1 GiB',
	caseFiles: 10,
	network: 'loopback',
	contender: 'limit',
	title: 'raw undici',
	runs: [run(1000)],
	measuredAt: '2026-01-02T03:04:05.000Z',
	command: 'npm run bench',
	revision: '0.1.0 (abc1234)',
	...more,
});

const results = (rows: Row[], machine: Results['machine'] = { cores: 2 }): Results => ({
	machine,
	versions: { undici: '7' },
	rows,
});

describe('the mixed files', () => {
	const sizes = mixedSizes(2000, 10e6, GIB);

	test('are the same every time, and 1 GiB in all', () => {
		expect(mixedSizes(2000, 10e6, GIB)).toEqual(sizes);
		expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(GIB);
	});

	test('have as many files in each power of ten', () => {
		const within = (from: number, to: number) =>
			sizes.filter((size) => size >= from && size < to).length;
		expect(sizes.every((size) => Number.isInteger(size) && size >= 0 && size <= 10e6)).toBe(true);
		expect(within(0, 1)).toBeGreaterThan(0);
		const decades = [1, 2, 3, 4, 5].map((power) => within(10 ** power, 10 ** (power + 1)));
		for (const files of decades) expect(Math.abs(files - 2000 / 7)).toBeLessThan(60);
	});
});

describe('a sample', () => {
	const files = Array.from({ length: 100 }, (_, index) => ({
		path: `${index}`,
		name: `${index}`,
		sizeBytes: (index * 37) % 100,
	}));

	test('is taken evenly over the sizes, and only where it is asked for', () => {
		const sample = sampler({ line: { files: 10, bytes: Infinity } });
		expect(sample(files, 'loopback')).toBe(files);
		const sizes = sample(files, 'line').map(({ sizeBytes }) => sizeBytes);
		expect(sizes).toEqual([5, 15, 25, 35, 45, 55, 65, 75, 85, 95]);
	});

	test('ends at the bytes, too', () => {
		const sample = sampler({ line: { files: 100, bytes: 500 } });
		const bytes = sample(files, 'line').reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
		expect(bytes).toBeLessThanOrEqual(500);
		expect(bytes).toBeGreaterThan(400);
	});
});

describe('figures', () => {
	test('are medians with their spread', () => {
		expect(spreadOf(row({ runs: [run(3), run(1), run(2)] }), 'wallMs')).toEqual({
			median: 2,
			min: 1,
			max: 3,
		});
		expect(medianOf(row({ runs: [run(1), run(2)] }), 'wallMs')).toBe(1.5);
		expect(medianOf(row({ runs: [] }), 'wallMs')).toBeUndefined();
		const unknown = row({ runs: [run(1, { cpuSeconds: undefined })] });
		expect(medianOf(unknown, 'cpuSeconds')).toBeUndefined();
	});

	test('of a sample count for all files; memory stays as it was', () => {
		const sampled = row({ caseFiles: 40 });
		expect(isSampled(sampled)).toBe(true);
		expect(medianOf(sampled, 'wallMs')).toBe(4000);
		expect(medianOf(sampled, 'requests')).toBe(80);
		expect(medianOf(sampled, 'peakGrowthBytes')).toBe(5e6);
	});

	test('stand in the order of the cases and contenders', () => {
		const rows = [
			row(),
			row({ contender: 'ours', title: 'ours' }),
			row({ caseId: 'small-1000', caseTitle: 'small' }),
		];
		expect(casesOf(rows).map(({ caseId }) => caseId)).toEqual(['small-1000', 'one-1gib']);
		const names = casesOf(rows)[1]?.contenders.map(({ contender }) => contender);
		expect(names).toEqual(['ours', 'limit']);
	});
});

describe('the report', () => {
	test('new rows replace old ones of the same kind', () => {
		const old = results([row(), row({ contender: 'ours' })]);
		const command = 'npm run bench -- --only limit';
		const measuredAt = '2026-01-03T00:00:00.000Z';
		const now = results([row({ runs: [run(7)], command, measuredAt, revision: '0.1.0 (def)' })]);
		const both = merged(old, now);
		expect(both.rows.map(({ contender, runs }) => [contender, runs[0]?.wallMs])).toEqual([
			['ours', 1000],
			['limit', 7],
		]);
		expect(commandsOf(both.rows)).toBe(`\`npm run bench\`, \`${command}\``);
		expect(revisionsOf(both.rows)).toBe('0.1.0 (abc1234), 0.1.0 (def)');
	});

	test('rows of another machine are no neighbours', () => {
		const now = results([row()], { cores: 64 });
		expect(merged(results([row({ contender: 'ours' })]), now)).toEqual(now);
	});

	test('the page says what failed and what was worked out', () => {
		const page = renderMeasured(
			results([
				row({ caseFiles: 40 }),
				row({ contender: 'ours', title: 'ours', runs: [], note: 'not installed' }),
				row({ contender: 'rclone', title: 'rclone', runs: [], note: 'failed: no such host' }),
			]),
		);
		expect(page).toContain('| 1 file of 1 GiB | not installed | failed | ≈ 4.00 |');
		expect(page).toContain('- rclone, 1 file of 1 GiB, loopback: failed: no such host');
	});

	test('the page has a table of each network that something was measured on, and of the event loop', () => {
		const home = { caseId: 'one-40mib', caseTitle: '1 file of 40 MiB', network: 'home' } as const;
		const late = run(1000, { loopP99Ms: 12.34, loopLongestMs: 56.7 });
		const page = renderMeasured(results([row({ runs: [late] }), row({ ...home, runs: [run(9)] })]));
		const headings = [...page.matchAll(/^### (Seconds|Delay).*, (.*)$/gm)].map((match) => match[2]);
		expect(headings).toEqual(['bare loopback', 'home line', 'bare loopback']);
		expect(page).toContain('| 1 file of 1 GiB | 12.3 / 57 |');
	});

	test('the page has a file from a URL in a table of its own, with what was written to disk', () => {
		const url = { caseId: 'url-1gib', caseTitle: '1 file of 1 GiB from a URL' };
		const ours = { ...url, contender: 'ours-from-url', title: 'ours' };
		const page = renderMeasured(
			results([
				row(),
				row({ ...ours, runs: [run(1500, { sentFiles: 10, diskBytes: 4e6 })] }),
				row({ ...ours, network: 'line', runs: [], note: 'failed: no such host' }),
			]),
		);
		expect(page).toContain('| 1 file of 1 GiB | 1.00 |');
		expect(page).toContain('| 1 file of 1 GiB from a URL, loopback: ours | 1.50 | 1.00 | 5 | 4 |');
		expect(page).toContain('| 1 file of 1 GiB from a URL, line: ours | failed | – | – | – |');
		expect(page.match(/no such host/g)).toHaveLength(1);
	});

	test('a chart is well-formed whatever the texts hold', () => {
		const svg = renderChart({
			title: 'a <b> & "c"',
			subtitle: '',
			columns: ['left', 'right'],
			groups: [
				{
					title: 'case',
					lines: [
						{
							label: 'one',
							tone: 'ours',
							cells: [
								{ value: 4, text: '4 s' },
								{ value: undefined, text: 'x'.repeat(100) },
							],
						},
						{
							label: 'two',
							tone: 'other',
							cells: [
								{ value: 1, text: '1 s' },
								{ value: 0, text: '0' },
							],
						},
					],
				},
			],
		});
		expect(svg).toContain('a &lt;b> &amp; &quot;c&quot;');
		expect(svg).not.toContain('x'.repeat(50));
		const widths = [...svg.matchAll(/<rect class="(?:ours|other)".*?width="([\d.]+)"/g)];
		expect(widths.map(([, width]) => Number(width))).toEqual([236, 59, 2]);
	});
});

/** More would run into the bars. */
const LABEL_CHARACTERS = 29;

test('the name of every contender fits before its bar', () => {
	const tooLong = CONTENDERS.filter(({ title }) => title.length > LABEL_CHARACTERS);
	expect(tooLong).toEqual([]);
});

describe('options', () => {
	test('choose cases and contenders', () => {
		const { cases, contenders } = readOptions(['--case', 'one-1gib', '--only', 'box:ours,limit']);
		expect(cases.map(({ id }) => id)).toEqual(['one-1gib']);
		expect(contenders.map(({ vendor, id }) => `${vendor}:${id}`).sort()).toEqual([
			'box:limit',
			'box:ours',
			'dropbox:limit',
		]);
		expect(readOptions([]).cases).toHaveLength(14);
		const quick = readOptions(['--quick']);
		expect(quick.cases.map(({ id }) => id)).toEqual(['small-100', 'one-100mb', 'one-256mib']);
		expect(quick.networks).toEqual(['loopback']);
		expect(readOptions([]).networks).toEqual(['loopback', 'line', 'home', 'limited']);
		expect(readOptions(['--network', 'slow']).networks).toEqual(['slow']);
		expect(readOptions(['--quick', '--network', 'line']).networks).toEqual(['line']);
	});

	test.each([['--case', 'one-9gib'], ['--only', 'nobody'], ['--rounds', '0'], ['--fast']])(
		'refuse %s %s',
		(...args) => {
			expect(() => readOptions(args)).toThrow(/Unknown|--rounds|--fast/);
		},
	);

	test('every case has an id of its own', () => {
		expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length);
	});
});
