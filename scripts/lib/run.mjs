import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..', '..');

/** npm as a JavaScript file: npm.cmd cannot be started without a shell on Windows. */
function npmCli() {
	const nodeDir = path.dirname(process.execPath);
	const candidates = [
		process.env.npm_execpath ?? '',
		path.join(nodeDir, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		path.join(nodeDir, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
	];
	const found = candidates.find((file) => path.basename(file) === 'npm-cli.js' && existsSync(file));
	if (found === undefined) throw new Error('npm was not found: start this script with "npm run".');
	return found;
}

/** Runs a program in the foreground and returns its exit code. */
export function run(command, args, options = {}) {
	const { status, signal, error } = spawnSync(command, args, {
		cwd: ROOT,
		stdio: 'inherit',
		...options,
	});
	if (error) throw error;
	if (signal) throw new Error(`${path.basename(command)} was stopped by ${signal}.`);
	return status;
}

export const runNode = (args, options) => run(process.execPath, args, options);

export const runNpm = (args, options) => runNode([npmCli(), ...args], options);

/** What npm prints. */
export function npmText(args) {
	const { status, stdout } = spawnSync(process.execPath, [npmCli(), ...args], {
		cwd: ROOT,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	if (status !== 0) throw new Error(`npm ${args.join(' ')} failed.`);
	return stdout;
}

/**
 * Installs exactly what a lock file names. A registry that stops in the middle of an answer is asked
 * again after a minute, instead of after npm's five.
 */
export const installFromLock = (options, npmArgs = []) =>
	runNpm(
		[
			'ci',
			'--ignore-scripts',
			'--no-audit',
			'--no-fund',
			'--loglevel',
			'error',
			'--fetch-timeout',
			'60000',
			'--fetch-retries',
			'5',
			...npmArgs,
		],
		options,
	);

/** One line of progress, then the step; a failing step ends the whole run with its exit code. */
export function step(title, action) {
	console.log(`\n» ${title}`);
	const startedAtMs = Date.now();
	const exitCode = action();
	if (exitCode !== 0) {
		console.error(`\n✗ ${title} failed.`);
		process.exit(exitCode);
	}
	console.log(`  ${title}: ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s`);
}

export const npmStep = (title, script) => step(title, () => runNpm(['run', '--silent', script]));

/**
 * Lanes of npm scripts side by side, the scripts of a lane one after the other. Each one's output comes in one
 * piece when it has ended. After a failure the other lanes still say what they find; then the whole run ends.
 */
export async function npmStepsAtOnce(lanes) {
	console.log(
		`\n» ${lanes
			.flat()
			.map(([title]) => title)
			.join(', ')}`,
	);
	const exitCodes = await Promise.all(lanes.map(runLane));
	const failed = exitCodes.find((exitCode) => exitCode !== 0);
	if (failed !== undefined) process.exit(failed);
}

async function runLane(lane) {
	for (const [title, script] of lane) {
		const startedAtMs = Date.now();
		const { exitCode, output } = await npmOutput(['run', '--silent', script]);
		const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(1);
		console.log(`\n» ${title}\n${output.trimEnd()}`.trimEnd());
		console.log(exitCode === 0 ? `  ${title}: ${seconds} s` : `\n✗ ${title} failed.`);
		if (exitCode !== 0) return exitCode;
	}
	return 0;
}

async function npmOutput(args) {
	const env = { ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: '1' }) };
	const stdio = ['ignore', 'pipe', 'pipe'];
	const child = spawn(process.execPath, [npmCli(), ...args], { cwd: ROOT, env, stdio });
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text) => (output += text));
	}
	// Without a code it was ended by a signal.
	const [exitCode] = await once(child, 'close');
	return { exitCode: exitCode ?? 1, output };
}
