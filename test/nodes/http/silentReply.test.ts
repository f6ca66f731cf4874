/** Headers arrive, and then nothing: n8n's stream does not end when it is destroyed. */
import { useRig } from '../../support/rig';
import { jsonOf } from '../dropbox/uploads';

const GET = 'sharing/get_file_metadata';

/** Two minutes pass in four seconds. */
const rig = useRig({ pace: { timerSpeed: 30 } });

it.each([0, 20])('sends a call again whose answer stops after %i bytes', async (afterBytes) => {
	rig().cloud.dropbox.putFile('/a.txt', 'text');
	rig().cloud.faults.add({
		route: GET,
		action: {
			kind: 'changeReply',
			change: (reply) => ({ ...reply, cut: { afterBytes, then: 'silence' } }),
		},
	});
	const result = await rig().dropbox({
		resource: 'sharedFile',
		operation: 'get',
		parameters: { file: '/a.txt' },
		options: { root: 'home' },
	});
	expect(jsonOf(result)[0]).toMatchObject({ name: 'a.txt' });
	expect(rig().calls(GET)).toHaveLength(2);
});
