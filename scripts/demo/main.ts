/** npm run demo: the workflows of examples/ in n8n's engine, against a Dropbox and a Box on this machine. */
import { join } from 'node:path';

import { baseNodesDir } from '../../test/support/baseNodes';
import { compare } from './comparison';
import { bar, take } from './progress';
import type { CarriedOut } from './report';
import { printCounters, printSharing, printStored, printWorkflows, problemsOf } from './report';
import { makeAllFiles, sourceFiles, type Sources } from './sourceFiles';
import { DemoFailure, Stage } from './stage';
import { bold, green, plural, print, red, size } from './text';
import type { Transfer } from './workflows';
import { sharingOf, transfersOf, uploadedTo } from './workflows';

const bytesOf = (files: ReadonlyArray<{ sizeBytes: number }>) =>
	files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

async function demonstrate(stage: Stage): Promise<string[]> {
	const sources = await makeSources(join(stage.engine.homeDir, '.n8n-files'));
	const { small, dropboxLarge } = sources;

	const transfers = transfersOf(sources);
	const carriedOut: CarriedOut[] = [];
	for (const transfer of transfers) carriedOut.push(await carryOut(stage, transfer));
	const photo = small.find(({ name }) => name.startsWith('写真'))!;
	const question = sharingOf([small[0]!, photo, dropboxLarge].map(uploadedTo));
	const sharing = await take({
		title: question.title,
		run: () => stage.run(question),
		outcome: () => question.example,
	});
	const counters = await stage.counters();

	const compared = await take({
		title: 'Compare every hash',
		run: async () => [
			...(await compare('Dropbox', transfers, await stage.cloud.files('dropbox'))),
			...(await compare('Box', transfers, await stage.cloud.files('box'))),
		],
		outcome: () => 'of the source files with what is stored',
	});
	printStored(compared);
	printSharing(sharing);
	printWorkflows(carriedOut);
	printCounters(counters);
	return problemsOf(compared, counters);
}

async function makeSources(root: string): Promise<Sources> {
	let writtenBytes = 0;
	return await take({
		title: `Make ${plural(sourceFiles.length, 'file')}`,
		run: () =>
			makeAllFiles(root, ({ sizeBytes }) => {
				writtenBytes += sizeBytes;
			}),
		state: () => bar(writtenBytes, bytesOf(sourceFiles)),
		outcome: () => size(bytesOf(sourceFiles)),
	});
}

/** Runs an example and shows how far its files have arrived. */
async function carryOut(stage: Stage, transfer: Transfer): Promise<CarriedOut> {
	const { title, example, files } = transfer;
	const bytes = bytesOf(files);
	const before = await stage.counters();
	const soFar = async () => {
		const { bytesReceived, requests } = await stage.counters();
		return { bytes: bytesReceived - before.bytesReceived, requests: requests - before.requests };
	};
	// What the example before has left behind is not this one's.
	await stage.engine.collectGarbage();
	await stage.engine.resetPeak();
	const startedAtMs = performance.now();
	const stored = await take({
		title,
		run: () => stage.run(transfer),
		state: async () => {
			const arrived = await soFar();
			return `${bar(arrived.bytes, bytes)}   ${plural(arrived.requests, 'request')}`;
		},
		outcome: () => `${plural(files.length, 'file')}, ${size(bytes)}`,
	});
	if (stored.length !== files.length) {
		throw new DemoFailure(
			`${example} gave ${plural(stored.length, 'result')} for ${plural(files.length, 'file')}.`,
		);
	}
	return {
		example,
		files: files.length,
		bytes,
		durationMs: performance.now() - startedAtMs,
		requests: (await soFar()).requests,
		peakMemoryBytes: (await stage.engine.usage()).peakRssBytes,
	};
}

async function main(): Promise<number> {
	print(`\n${bold('Upload sessions, demonstrated')}`);
	print(
		"n8n's own engine runs the workflows of examples/ with the built nodes. Dropbox and Box are",
	);
	print('stand-ins on 127.0.0.1 with the same rules: nothing leaves this machine.\n');
	let stage: Stage | undefined;
	let interrupted = false;
	process.once('SIGINT', () => {
		interrupted = true;
		void (stage?.stop() ?? Promise.resolve()).finally(() => {
			print('\nStopped.');
			process.exit(130);
		});
	});
	try {
		const baseDir = await take({ title: "Get n8n's own nodes", run: baseNodesDir });
		stage = await take({
			title: 'Start Dropbox, Box and n8n',
			run: () => Stage.build(baseDir),
		});
		const problems = await demonstrate(stage);
		if (problems.length > 0) {
			throw new DemoFailure(`Not everything is as it should be.\n${problems.join('\n')}`);
		}
		print(`\n${green('✓')} Every file is stored exactly as it is on the disk.\n`);
		return 0;
	} catch (error) {
		if (interrupted) return 130;
		// A person reads this: the first line says it, and a stack would hide it.
		const message = error instanceof Error ? error.message : String(error);
		const text = error instanceof DemoFailure ? message : message.split('\n')[0];
		print(`\n${red('✗')} ${text}\n`);
		return 1;
	} finally {
		if (!interrupted) await stage?.stop();
	}
}

void main().then((exitCode) => {
	process.exitCode = exitCode;
});
