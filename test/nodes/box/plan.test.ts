/** Plan Session: which parts of a file Box already has, as a step of its own. */
import type { IDataObject } from 'n8n-workflow';

import {
	callsOf,
	failureOf,
	fileItem,
	jsonOf,
	openSession,
	partsOfText,
	sha1,
	step,
	text,
	useBox,
} from './steps';

const rig = useBox();
const box = () => rig().cloud.box;
const PLAN = 'POST /files/upload_sessions/:id/plan';

const planOf = (sessionId: string, content = text) =>
	step('plan', { parameters: { sessionId }, items: [fileItem(content)] });

/** Box knows the second part of the three. */
const knowSecond = () => box().knowParts(Buffer.from(text), (index) => index === 1);

test('one item for each part, with its file, and a hit in the form of Upload Part', async () => {
	knowSecond();
	const sessionId = await openSession(rig());
	const result = await rig().box(planOf(sessionId));
	const items = jsonOf(result);
	expect(items.map(({ offset, size, hit }) => [offset, size, hit])).toEqual([
		[0, 10, false],
		[10, 10, true],
		[20, 4, false],
	]);
	expect(items[1]?.part).toEqual({
		part_id: expect.any(String) as unknown,
		offset: 10,
		size: 10,
		sha1: sha1(partsOfText[1] ?? '', 'hex'),
	});
	expect(result.outputs[0]?.map(({ binary }) => binary?.data?.fileName)).toEqual(
		Array(3).fill('report.txt'),
	);
	expect(callsOf(rig(), PLAN)).toBe(1);
});

test('misses go to Upload Part, and all parts to the commit', async () => {
	knowSecond();
	const sessionId = await openSession(rig());
	const planned = jsonOf(await rig().box(planOf(sessionId)));
	const misses = planned.filter(({ hit }) => hit === false);
	const sent = await rig().box(
		step('uploadPart', {
			items: misses.map((json) => fileItem(text, json)),
			parameters: { sessionId: '={{ $json.session_id }}', offset: '={{ $json.offset }}' },
		}),
	);
	const parts: IDataObject[] = [...jsonOf(sent), ...planned.filter(({ hit }) => hit === true)];
	const committed = await rig().box(
		step('commit', {
			items: parts.map((json) => ({ json })),
			parameters: { sessionId: '={{ $json.session_id }}' },
			options: { partsFrom: 'items', digest: sha1(text) },
		}),
	);
	expect(jsonOf(committed)).toHaveLength(1);
	expect(box().files()).toMatchObject([{ sha1: sha1(text, 'hex') }]);
});

test('a file that is not of the session is told before Box is asked', async () => {
	const sessionId = await openSession(rig());
	expect(failureOf(await rig().box(planOf(sessionId, `${text}, and more`)))).toMatchObject({
		path: 'input/other_file',
	});
	expect(callsOf(rig(), PLAN)).toBe(0);
});

test('a Box without that call says so, with what to do', async () => {
	box().settings.plans = false;
	const failure = failureOf(await rig().box(planOf(await openSession(rig()))));
	expect(failure).toMatchObject({ path: 'not_found', stored: 'no' });
	expect(failure.message).toBe("Box can't say which parts of this upload session it has");
	expect(failure.description).toContain("send all parts with 'Upload Part'");
});

test('hits that fit nothing are no hits', async () => {
	box().settings.bentHits = 'another offset';
	knowSecond();
	expect(failureOf(await rig().box(planOf(await openSession(rig()))))).toMatchObject({
		path: 'plan/unfit',
	});
});
