/** When a body counts as stuck: what is remembered about the line, and for how long. */
import { beginBody } from '../../../nodes/shared/http/bodyProgress';

const MIB = 1024 * 1024;
const ANSWER_TIMEOUT_MS = 120_000;
/** 15 seconds each: the silence of an answer alone. */
const LOOKS_OF_AN_ANSWER = 9;

const looks: AbortController[] = [];
let hosts = 0;
/** No test knows the line of another. */
let host = '';

beforeEach(() => {
	host = `${++hosts}.example`;
	jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
		const look = new AbortController();
		looks.push(look);
		return look.signal;
	});
});

/** All bodies have ended, so the last look begins no other. */
afterEach(() => {
	look();
	expect(looks).toEqual([]);
	jest.restoreAllMocks();
});

function look(times = 1): void {
	for (; times > 0; times--) looks.shift()?.abort();
}

/** A body that the socket has taken whole. */
function sent(sizeBytes: number) {
	const body = beginBody(host, ANSWER_TIMEOUT_MS);
	body.begun();
	body.took(sizeBytes);
	return body;
}

/** How many looks at silence it survives, up to so many. */
function looksUntilStuck(body: ReturnType<typeof sent>, most = 200): number {
	for (let count = 1; count <= most; count++) {
		look();
		if (body.stuck.aborted) return count;
	}
	return Infinity;
}

function acknowledge(sizeBytes: number): void {
	const body = sent(sizeBytes);
	look();
	body.ended(true);
}

it('on a line that has been fast, silence lasts as long as an answer may take', () => {
	acknowledge(600 * MIB);
	const body = sent(8 * MIB);
	expect(looksUntilStuck(body)).toBeLessThanOrEqual(LOOKS_OF_AN_ANSWER + 1);
	body.ended(false);
});

it('each piece that the socket takes begins the silence anew', () => {
	acknowledge(600 * MIB);
	const body = sent(8 * MIB);
	for (let piece = 0; piece < 10; piece++) {
		look(LOOKS_OF_AN_ANSWER - 1);
		expect(body.stuck.aborted).toBe(false);
		body.took(1);
	}
	body.ended(true);
});

it('after one stuck body the line may be a slow one: the next gets the time that it needs there', () => {
	acknowledge(600 * MIB);
	const [first, second] = [sent(8 * MIB), sent(8 * MIB)];
	expect(looksUntilStuck(first)).toBeLessThan(20);
	expect(second.stuck.aborted).toBe(false);
	expect(looksUntilStuck(second)).toBeGreaterThan(40);
	first.ended(false);
	second.ended(false);
});

it('what the others had on their way counts, also when they have arrived meanwhile', () => {
	acknowledge(1 * MIB);
	const others = Array.from({ length: 4 }, () => sent(8 * MIB));
	const last = sent(8 * MIB);
	look();
	for (const other of others) other.ended(true);
	// 40 MiB at what the line has shown so far; the last one's own 8 MiB would be over much sooner.
	expect(looksUntilStuck(last)).toBeGreaterThan(12);
	last.ended(false);
});

it('after a minute without a body the line may be another one', () => {
	const now = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
	acknowledge(600 * MIB);
	now.mockReturnValue(1_000_000 + 61_000);
	const body = sent(8 * MIB);
	expect(looksUntilStuck(body)).toBeGreaterThan(40);
	body.ended(false);
});

it('hosts have lines of their own', () => {
	acknowledge(600 * MIB);
	host = `other.${host}`;
	const body = sent(8 * MIB);
	expect(looksUntilStuck(body)).toBeGreaterThan(40);
	body.ended(false);
});
