import { itemsPage, storedItem } from '../../../nodes/BoxUpload/api/shapes';

test('a field that Box gives as null is one that the item has not', () => {
	const folder = { type: 'folder', id: '1', name: 'a', sha1: null, size: null, etag: null };
	const file = { type: 'file', id: '2', name: 'b', sha1: 'abc', size: 3 };
	expect(itemsPage({ entries: [folder, file], next_marker: null })?.entries).toEqual([
		{ type: 'folder', id: '1', name: 'a', etag: null },
		file,
	]);
});

test('an item of another form is none', () => {
	expect(storedItem({ type: 'file', id: '1', size: '3' })).toBeUndefined();
	expect(storedItem({ type: null, id: '1' })).toBeUndefined();
	expect(storedItem(null)).toBeUndefined();
});
