/** What n8n gets: items in order, errors that a workflow can branch on. */
import { ERRORS_PAGE } from '../../../nodes/shared/issues';
import { failureOf, fileItem, openSession, partOf, step, text, useBox } from './steps';

const rig = useBox();

/** The first and the last item are fine; the second is a mistake, Box does not know the third. */
async function mixedItems() {
	const sessionId = await openSession(rig());
	return [
		{ json: { id: sessionId, name: 'first' } },
		{ json: { id: '', name: 'second' } },
		{ json: { id: 'ABCDEF', name: 'third' } },
		{ json: { id: sessionId, name: 'fourth' } },
	];
}

const mistake = {
	path: 'input/sessionId',
	message: "'Session ID' is empty",
	description: 'Use the ID of the upload session that Create returned.',
	class: 'input',
	retryable: false,
	stored: 'no',
	vendor: 'Box',
	documentationUrl: `${ERRORS_PAGE}#input-sessionid`,
};
const unknownSession = {
	path: 'not_found',
	message: 'Box no longer has this upload session',
	description: expect.stringMatching(
		/^Send the file again .* ABCDEF: not_found\. .*Box said: .*Request ID: \w+$/,
	) as string,
	class: 'input',
	retryable: false,
	stored: 'no',
	vendor: 'Box',
	documentationUrl: `${ERRORS_PAGE}#box-not_found`,
	status: 404,
	requestId: expect.stringMatching(/^\w+$/) as string,
};

test('Continue puts each failure at the place of its item', async () => {
	const items = await mixedItems();
	const { status, outputs } = await rig().box(
		step('get', { items, onError: 'continueRegularOutput' }),
	);
	expect(status).toBe('success');
	expect(outputs).toEqual([
		[
			{ json: expect.objectContaining({ part_size: 10 }) as object, pairedItem: { item: 0 } },
			{ json: { error: mistake }, pairedItem: { item: 1 } },
			{ json: { error: unknownSession }, pairedItem: { item: 2 } },
			{ json: expect.objectContaining({ part_size: 10 }) as object, pairedItem: { item: 3 } },
		],
	]);
});

test('the error output gets the failed items only, with what came in', async () => {
	const items = await mixedItems();
	const { outputs } = await rig().box(step('get', { items, onError: 'continueErrorOutput' }));
	expect(outputs).toHaveLength(2);
	expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 3 }]);
	expect(outputs[1]).toEqual([
		{ json: { id: '', name: 'second', error: mistake }, pairedItem: { item: 1 } },
		{ json: { id: 'ABCDEF', name: 'third', error: unknownSession }, pairedItem: { item: 2 } },
	]);
});

describe('without either', () => {
	test('a mistake in one item is named, after the others have been asked for', async () => {
		const items = await mixedItems();
		const result = await rig().box(step('get', { items }));
		expect(result.error).toMatchObject({
			name: 'NodeApiError',
			message: mistake.message,
			description: `${mistake.description} 2 of 4 items failed. n8n counts items from 0. The others are: Item 2 (ABCDEF): ${unknownSession.message}, not_found. <a href="${mistake.documentationUrl}" target="_blank">About this error</a>`,
			itemIndex: 1,
		});
		expect(failureOf(result)).toEqual(mistake);
	});

	test('the error is the first failure, and its description lists the others', async () => {
		const ids = ['ABCDEF', 'ABCDE0', 'ABCDE1'];
		const items = [await openSession(rig()), ...ids].map((id) => ({ json: { id } }));
		const result = await rig().box(step('get', { items }));
		expect(result.error).toMatchObject({
			name: 'NodeApiError',
			message: unknownSession.message,
			httpCode: '404',
			itemIndex: 1,
		});
		expect(result.error?.description).toMatch(/ ABCDEF: not_found\./);
		expect(result.error?.description).toContain(
			'3 of 4 items failed for this reason. n8n counts items from 0. The others are: Items 2 (ABCDE0), 3 (ABCDE1).',
		);
		expect(failureOf(result)).toEqual(unknownSession);
	});
});

test('more items than are under way at once come out in their order', async () => {
	const folders = Array.from({ length: 12 }, (_, index) =>
		rig().cloud.box.putFolder({ name: `Folder ${index}` }),
	);
	// The first ones take longest; the very first one goes alone.
	rig().cloud.faults.add({
		route: 'POST /files/upload_sessions',
		times: 5,
		action: { kind: 'delay', delayMs: 200 },
	});
	const { outputs } = await rig().box(
		step('create', {
			items: folders.map(({ id }, index) => fileItem(text, { id, index })),
			parameters: {
				fileName: '={{ $json.index }}.txt',
				parentFolderId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
			},
		}),
	);
	const sessions = new Map(
		rig()
			.cloud.box.sessions()
			.map((session) => [session.id, session]),
	);
	expect(outputs[0]?.map(({ pairedItem }) => pairedItem)).toEqual(
		folders.map((_, item) => ({ item })),
	);
	expect(outputs[0]?.map(({ json }) => sessions.get(json.id as string))).toMatchObject(
		folders.map(({ id }, index) => ({ folderId: id, name: `${index}.txt` })),
	);
	expect(rig().cloud.counters().peakInFlight).toBe(4);
});

test('a failed part names its session and leaves the file with the item', async () => {
	const result = await rig().box(
		partOf('ABCDEF', 0, {}, { onError: 'continueRegularOutput', items: [fileItem(text)] }),
	);
	const [item] = result.outputs[0] ?? [];
	expect(item?.json.error).toMatchObject(unknownSession);
	expect((await rig().engine.readBinary(item!.binary!.data!)).toString()).toBe(text);
});
