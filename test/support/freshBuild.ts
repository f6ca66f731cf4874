import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const repositoryDir = join(__dirname, '..', '..');

/** n8n loads dist/, so a test of an older build would prove nothing about the sources. */
export function assertFreshBuild(): void {
	const dist = join(repositoryDir, 'dist');
	const built = existsSync(dist) ? timesOf(dist, '.js') : [];
	const sources = ['nodes', 'credentials'].flatMap((folder) =>
		timesOf(join(repositoryDir, folder), '.ts'),
	);
	if (built.length === 0) throw new Error('There is no build. Run: npm run build');
	if (Math.max(...sources) > Math.min(...built)) {
		throw new Error('dist/ is older than nodes/ or credentials/. Run: npm run build');
	}
}

function timesOf(folder: string, ending: string): number[] {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith(ending))
		.map((file) => statSync(join(folder, file)).mtimeMs);
}
