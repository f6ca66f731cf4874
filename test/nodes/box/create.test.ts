import { fileItem, jsonOf, onlyJson, step, text, useBox } from './steps';

const rig = useBox();
const sessions = () => rig().cloud.box.sessions();

describe('Create', () => {
	test('takes name and size from the file of the item, and hands the file on', async () => {
		const result = await rig().box(step('create', { items: [fileItem(text)] }));
		expect(sessions()).toMatchObject([{ folderId: '0', name: 'report.txt', fileSize: 24 }]);
		expect(onlyJson(result)).toMatchObject({
			type: 'upload_session',
			id: sessions()[0]?.id,
			part_size: 10,
			total_parts: 3,
			num_parts_processed: 0,
			session_endpoints: { commit: expect.stringMatching(/\/commit$/) as unknown },
		});
		const [binary] = result.outputs[0]!.map((item) => item.binary?.data);
		expect((await rig().engine.readBinary(binary!)).toString()).toBe(text);
	});

	test('prefers the given name and size, and then needs no file', async () => {
		const result = await rig().box(
			step('create', { parameters: { fileName: 'big.iso' }, options: { fileSize: 1_234_567 } }),
		);
		expect(onlyJson(result).part_size).toBe(10);
		expect(sessions()).toMatchObject([{ name: 'big.iso', fileSize: 1_234_567 }]);
	});

	test('takes the size of the file under a given name', async () => {
		await rig().box(
			step('create', { items: [fileItem(text)], parameters: { fileName: 'Bericht für März.txt' } }),
		);
		expect(sessions()).toMatchObject([{ name: 'Bericht für März.txt', fileSize: 24 }]);
	});

	test('takes a number as a name', async () => {
		await rig().box(
			step('create', {
				items: [fileItem(text, { year: 2026 })],
				parameters: { fileName: '={{ $json.year }}' },
			}),
		);
		expect(sessions()).toMatchObject([{ name: '2026' }]);
	});

	test.each([
		['an ID', { mode: 'id', value: '' }],
		['the URL of its page', { mode: 'url', value: 'https://app.box.com/folder/' }],
		['the URL of a company', { mode: 'url', value: 'https://acme.app.box.com/folder/' }],
	])('puts the file into the folder of %s', async (_what, { mode, value }) => {
		const folder = rig().cloud.box.putFolder({ name: 'Reports' });
		await rig().box(
			step('create', {
				items: [fileItem(text)],
				parameters: { parentFolderId: { __rl: true, mode, value: value + folder.id } },
			}),
		);
		expect(sessions()).toMatchObject([{ folderId: folder.id }]);
	});

	test('takes the folder of each item from an expression', async () => {
		const folders = ['A', 'B'].map((name) => rig().cloud.box.putFolder({ name }));
		const items = folders.map(({ id }) => fileItem(text, { folder: Number(id) }));
		const parentFolderId = { __rl: true, mode: 'id', value: '={{ $json.folder }}' };
		const result = await rig().box(step('create', { items, parameters: { parentFolderId } }));
		expect(jsonOf(result)).toHaveLength(2);
		expect(new Set(sessions().map(({ folderId }) => folderId))).toEqual(
			new Set(folders.map(({ id }) => id)),
		);
	});

	describe('for a new version', () => {
		test('names the file, and leaves its name and folder alone', async () => {
			const file = rig().cloud.box.putFile({ name: 'old.txt', content: 'old' });
			await rig().box(
				step('create', {
					items: [fileItem(text)],
					parameters: {
						uploadAs: 'newVersion',
						fileId: file.id,
						parentFolderId: { __rl: true, mode: 'id', value: '999' },
					},
				}),
			);
			expect(sessions()).toMatchObject([{ fileId: file.id, name: undefined, fileSize: 24 }]);
			expect(rig().cloud.log[0]?.argument).toEqual({ file_size: 24 });
		});

		test('renames the file when a name is given', async () => {
			const file = rig().cloud.box.putFile({ name: 'old.txt', content: 'old' });
			await rig().box(
				step('create', {
					parameters: {
						uploadAs: 'newVersion',
						fileId: `={{ ${file.id} }}`,
						fileName: 'new.txt',
					},
					options: { fileSize: 24 },
				}),
			);
			expect(sessions()).toMatchObject([{ fileId: file.id, name: 'new.txt' }]);
		});
	});
});

describe('Get', () => {
	test('gives the session as Box describes it', async () => {
		const created = onlyJson(await rig().box(step('create', { items: [fileItem(text)] })));
		const result = await rig().box(step('get', { items: [{ json: created }] }));
		expect(onlyJson(result)).toEqual(created);
	});
});
