/** The rigs of test files that run in one group (test/groups): who asks for the same options gets the same rig. */
import type { LoopbackCloud } from '../cloud';
import type { Rig, RigOptions } from './rig';

type Start = (options: RigOptions) => Promise<Rig>;

interface Shared {
	readonly key: string;
	readonly rig: Rig;
	readonly restoreCloud: () => void;
}

/** An engine has some 200 MB: those that nobody has asked for lately are stopped. */
const MAX_IDLE = 2;

let isSharing = false;
const idle: Shared[] = [];
const taken = new Map<Rig, Shared>();

/** From now on, until all tests of this jest file have ended. */
export function shareRigs(): void {
	isSharing = true;
	afterAll(async () => {
		for (const { rig } of idle.splice(0)) await rig.stop();
	}, 120_000);
}

/** A rig as if it were new, but for the memory of its processes. */
export async function takeRig(options: RigOptions, start: Start): Promise<Rig> {
	const key = keyOf(options);
	if (key === undefined) return await start(options);
	const at = idle.findIndex((one) => one.key === key);
	const [found] = at >= 0 ? idle.splice(at, 1) : [];
	const shared = found ?? (await newRig(key, options, start));
	taken.set(shared.rig, shared);
	await shared.rig.tune(options);
	return shared.rig;
}

/** Fails as `stop` does when something went wrong that no test has looked at. */
export async function giveRigBack(rig: Rig): Promise<void> {
	const shared = taken.get(rig);
	if (!shared) return await rig.stop();
	taken.delete(rig);
	try {
		await rig.assertNothingWrong();
	} catch (error) {
		await rig.stop().catch(() => {});
		throw error;
	}
	shared.restoreCloud();
	rig.forget();
	idle.push(shared);
	while (idle.length > MAX_IDLE) await idle.shift()!.rig.stop();
}

async function newRig(key: string, options: RigOptions, start: Start): Promise<Shared> {
	const rig = await start({ ...options, cloud: {}, pace: {} });
	return { key, rig, restoreCloud: restorerOf(rig.cloud) };
}

/** Of what `tune` can't change. None for a rig with a home of its own, or with an engine that is another. */
function keyOf({ engine = {}, packageDir }: RigOptions): string | undefined {
	const { homeDir, execArgv, n8nDir, nodePath, binaryMode = 'filesystem', ...rest } = engine;
	const own = [homeDir, execArgv, n8nDir, nodePath];
	if (!isSharing || own.some((value) => value !== undefined)) return undefined;
	return JSON.stringify([binaryMode, rest, packageDir]);
}

/** Sets what tests may turn to what it is now. */
function restorerOf(cloud: LoopbackCloud): () => void {
	const restorers = [cloud.box.settings, cloud.dropbox.settings].map((settings) => {
		const before = { ...settings };
		return () => {
			for (const name of Object.keys(settings)) Reflect.deleteProperty(settings, name);
			Object.assign(settings, before);
		};
	});
	return () => {
		for (const restore of restorers) restore();
	};
}
