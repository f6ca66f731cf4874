/** Folder and File Name of Dropbox Upload, written as one path. */
import type { INodeParameters } from 'n8n-workflow';

export const byPath = (value: string): INodeParameters => ({ __rl: true, mode: 'path', value });

/** For a whole path, or an expression that gives one; with a slash at its end it is a folder. */
export function destination(path: string): { folder: INodeParameters; fileName: string } {
	const inner = /^=\{\{((?:(?!\}\})[\s\S])*)\}\}$/.exec(path)?.[1];
	if (inner !== undefined) {
		const slash = `(${inner}).lastIndexOf("/")`;
		return {
			folder: byPath(`={{ (${inner}).slice(0, ${slash}) }}`),
			fileName: `={{ (${inner}).slice(${slash} + 1) }}`,
		};
	}
	const isExpression = path.startsWith('=');
	const text = isExpression ? path.slice(1) : path;
	const slash = text.lastIndexOf('/');
	const as = (part: string): string => (isExpression && part !== '' ? `=${part}` : part);
	return { folder: byPath(as(text.slice(0, slash))), fileName: as(text.slice(slash + 1)) };
}
