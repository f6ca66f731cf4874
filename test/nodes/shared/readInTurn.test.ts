import { readInTurn } from '../../../nodes/shared/transfer/readInTurn';

test('that all files have been read is told while they are still sent', async () => {
	const events: string[] = [];
	const ends: Array<() => void> = [];
	const done = readInTurn(
		['a', 'b'],
		async (file, onRead) => {
			events.push(`read ${file}`);
			onRead();
			await new Promise<void>((end) => ends.push(end));
			events.push(`sent ${file}`);
		},
		() => {},
		() => events.push('all read'),
	);
	await new Promise((later) => setImmediate(later));
	expect(events).toEqual(['read a', 'read b', 'all read']);
	for (const end of ends) end();
	await done;
	expect(events.slice(3)).toEqual(['sent a', 'sent b']);
});
