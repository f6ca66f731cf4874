/** Lists that go on for ever: told after a few pages, with nothing stored. */
import { useRig } from '../../support/rig';
import { openSession } from '../box/steps';
import * as box from '../boxUpload/uploads';
import { answering } from '../dropbox/replies';
import * as dropbox from '../upload/uploads';
import { carryOn, errorsOf } from '../upload/uploads';

const rig = useRig();

const always = (route: string, json: unknown) =>
	rig().cloud.faults.add({ route, times: Infinity, action: answering(json) });
const CONTINUE = 'files/list_folder/continue';
const ENDLESS = { path: 'list/endless', stored: 'no', retryable: true };

it.each([
	['empty', []],
	['full', [{ '.tag': 'folder', name: 'a', id: 'id:1', path_lower: '/a', path_display: '/a' }]],
])('a folder of Dropbox whose %s page comes again and again', async (_, entries) => {
	always(dropbox.LIST_FOLDER, { entries, cursor: 'same', has_more: true });
	always(CONTINUE, { entries, cursor: 'same', has_more: true });
	const items = ['1', '2', '3'].map((name) => dropbox.file(name, name));
	const result = await dropbox.upload(rig(), { skipUnchanged: true, items, ...carryOn });
	expect(errorsOf(result)).toMatchObject([ENDLESS, ENDLESS, ENDLESS]);
	expect(rig().calls(CONTINUE)).toHaveLength(1);
	expect(rig().cloud.dropbox.files()).toEqual([]);
});

it('a folder of Box whose page comes again and again', async () => {
	always(box.LIST_ITEMS, { entries: [], next_marker: 'same' });
	const items = ['1', '2', '3'].map((name) => box.file(name, name));
	const result = await box.upload(rig(), { skipUnchanged: true, items, ...carryOn });
	expect(errorsOf(result)).toMatchObject([ENDLESS, ENDLESS, ENDLESS]);
	expect(rig().calls(box.LIST_ITEMS)).toHaveLength(2);
	expect(rig().cloud.box.files()).toEqual([]);
});

it('300,000 parts in one answer of Box', async () => {
	rig().cloud.box.settings.minimumSessionBytes = 1;
	const sessionId = await openSession(rig());
	const entries = Array.from({ length: 300_000 }, () => ({ part_id: 'A', offset: 0, size: 1 }));
	always(box.LIST_PARTS, { entries, total_count: 300_000 });
	const run = { resource: 'uploadSession', operation: 'listParts', parameters: { sessionId } };
	expect(errorsOf(await rig().box({ ...run, ...carryOn }))).toMatchObject([ENDLESS]);
});

it('the list of folders in the editor', async () => {
	always(CONTINUE, { entries: [], cursor: 'same', has_more: true });
	always(box.LIST_ITEMS, { entries: [], next_marker: 'same' });
	const search = { paginationToken: 'same' };
	await expect(rig().dropboxList('searchFolders', {}, search)).rejects.toThrow(
		/a list that doesn.t end/,
	);
	await expect(
		rig().boxList('searchFolders', { authentication: 'oAuth2' }, search),
	).rejects.toThrow(/a list that doesn.t end/);
});
