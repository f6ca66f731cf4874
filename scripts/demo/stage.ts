/** The demonstration's stage: a Dropbox and a Box on this machine, and n8n's engine beside them. */
import type { IDataObject } from 'n8n-workflow';

import type { Counters } from '../../test/cloud';
import { spawnCloud, type RemoteCloud } from '../../test/cloud/remote';
import { startEngine, type Engine, type RunResult } from '../../test/engine';
import { readExample, setUp } from '../../test/support/exampleWorkflow';
import { assertFreshBuild, repositoryDir } from '../../test/support/freshBuild';
import { printable } from './text';
import type { Prepared } from './workflows';

/** What went wrong is for the person at the terminal: no stack, no internals. */
export class DemoFailure extends Error {}

export class Stage {
	private constructor(
		readonly cloud: RemoteCloud,
		readonly engine: Engine,
	) {}

	/** `baseDir`: n8n's own nodes. */
	static async build(baseDir: string): Promise<Stage> {
		assertFreshBuild();
		const cloud = await spawnCloud();
		try {
			// Hashes and sizes are enough to compare.
			await cloud.setDropbox({ keepBytesUpTo: 0 });
			await cloud.setBox({ keepBytesUpTo: 0 });
			const engine = await startEngine({
				packageDirs: [repositoryDir],
				basePackageDirs: [baseDir],
				env: { ...cloud.env },
			});
			const stage = new Stage(cloud, engine);
			await stage.connect('dropbox', 'dropboxUploadOAuth2Api', { accessType: 'full' });
			await stage.connect('box', 'boxUploadOAuth2Api');
			return stage;
		} catch (error) {
			await cloud.stop();
			throw error;
		}
	}

	async stop(): Promise<void> {
		await this.engine.stop();
		await this.cloud.stop();
	}

	counters(): Promise<Counters> {
		return this.cloud.counters();
	}

	/** Runs an example and gives the items of its result node. */
	async run({ example, parameters, resultNode }: Prepared): Promise<IDataObject[]> {
		const credentials = { dropboxUploadOAuth2Api: 'dropbox', boxUploadOAuth2Api: 'box' };
		const workflow = setUp(readExample(example), { credentials, parameters });
		const { finished } = await this.engine.start({ workflow, startNode: 'Run by Hand' });
		const result = await finished;
		if (result.error) throw new DemoFailure(`${example}: ${sentence(result.error)}`);
		const [failure] = jsonOf(result, 'What Went Wrong');
		if (failure) {
			throw new DemoFailure(
				`${example}: ${printable(failure.problem)}. ${printable(failure.details)}`,
			);
		}
		return jsonOf(result, resultNode);
	}

	private async connect(
		vendor: 'dropbox' | 'box',
		type: string,
		data: IDataObject = {},
	): Promise<void> {
		const { accessToken, refreshToken } = await this.cloud.issueToken(vendor);
		const oauthTokenData = {
			access_token: accessToken,
			refresh_token: refreshToken,
			token_type: 'bearer',
		};
		await this.engine.setCredential(vendor, {
			name: vendor,
			type,
			data: { clientId: 'test-app', clientSecret: 'test-app-secret', ...data, oauthTokenData },
		});
	}
}

function sentence({ message, description }: NonNullable<RunResult['error']>): string {
	return [message, description].filter(Boolean).join('. ');
}

function jsonOf({ runData }: RunResult, node: string): IDataObject[] {
	const items = (runData[node] ?? []).flatMap(({ data }) => data?.main?.[0] ?? []);
	return items.map(({ json }) => json);
}
