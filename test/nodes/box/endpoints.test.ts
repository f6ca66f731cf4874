import type { NodeRun } from '../../support/rig';
import { commitOf, failureOf, openSession, partOf, step, useBox } from './steps';

const rig = useBox();

/** Requests that have left for a host that is not of Box; a refused tunnel would be one as well. */
const strangers = () => rig().cloud.log.filter(({ vendor }) => vendor === 'stranger');

const operations: Record<string, (sessionId: string) => NodeRun> = {
	'Upload Part': (sessionId) => partOf(sessionId),
	'List Parts': (sessionId) => step('listParts', { parameters: { sessionId } }),
	'Commit Box Session': (sessionId) => commitOf(sessionId),
	'Commit Box Session, given its parts,': (sessionId) =>
		commitOf(sessionId, {
			partsFrom: 'json',
			partsJson: '[{"part_id":"BFDF5379","offset":0,"size":10,"sha1":"00"}]',
		}),
	Abort: (sessionId) => step('abort', { parameters: { sessionId } }),
};

const foreign = [
	'https://evil.example',
	'http://upload.box.com',
	'https://upload.box.com@evil.example',
	'https://user:password@upload.box.com',
	'https://upload.box.com:8443',
	'https://www.box.com.evil.example',
	'https://evilbox.com',
];

describe.each(Object.keys(operations))('%s', (name) => {
	test.each(foreign)('sends nothing to an address like %s', async (endpointOrigin) => {
		rig().cloud.box.settings.endpointOrigin = endpointOrigin;
		const sessionId = await openSession(rig());
		const failure = failureOf(await rig().box(operations[name]!(sessionId)));
		expect(failure).toMatchObject({
			path: 'endpoint/refused',
			message: "Box returned an upload URL that isn't on a Box server",
			class: 'user',
			retryable: false,
			stored: 'no',
		});
		// Get is all that has been called, at the address that ships with the node.
		expect(rig().cloud.log.map(({ method, host }) => `${method} ${host}`)).toEqual([
			'GET upload.box.com',
		]);
		expect(rig().cloud.box.sessions()).toMatchObject([{ state: 'open', parts: [] }]);
	});
});

describe('an answer that sends the node elsewhere', () => {
	test.each([301, 302, 303, 307, 308])('is not followed: %i', async (status) => {
		const sessionId = await openSession(rig());
		rig().cloud.faults.add({
			route: 'GET /files/upload_sessions/:id',
			times: Infinity,
			action: { kind: 'reply', status, headers: { location: 'https://evil.example/api/2.0/' } },
		});
		const failure = failureOf(await rig().box(step('get', { parameters: { sessionId } })));
		expect(failure).toMatchObject({ path: 'http/redirect', status, retryable: false });
		expect(failure.description).toContain("Your sign-in wasn't sent to the other server.");
		expect(strangers()).toEqual([]);
	});
});

test('an ID cannot lead a call out of its path', async () => {
	const sessionId = '../../users/me?x=1#';
	const failure = failureOf(await rig().box(step('get', { parameters: { sessionId } })));
	expect(failure.message).toBe('Box no longer has this upload session');
	expect(rig().cloud.log.map(({ pathname }) => pathname)).toEqual([
		'/api/2.0/files/upload_sessions/..%2F..%2Fusers%2Fme%3Fx%3D1%23',
	]);
});
