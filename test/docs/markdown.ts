/** The pages that people read, as far as the tests look into them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { repositoryDir } from '../support/freshBuild';

export interface Page {
	/** Path in the repository, with forward slashes. */
	readonly file: string;
	readonly text: string;
}

export interface Link {
	readonly text: string;
	readonly target: string;
}

export function allPages(): Page[] {
	const inDocs = readdirSync(join(repositoryDir, 'docs')).filter((name) => name.endsWith('.md'));
	const atTop = [
		'README.md',
		'ARCHITECTURE.md',
		'CONTRIBUTING.md',
		'CHANGELOG.md',
		'SECURITY.md',
		'AGENTS.md',
	];
	return [...atTop, ...inDocs.map((name) => `docs/${name}`)].map(readPage);
}

export function readPage(file: string): Page {
	return { file, text: readFileSync(join(repositoryDir, file), 'utf8') };
}

/** Links and pictures, without those that stand in code. */
export function linksOf({ text }: Page): Link[] {
	const links = withoutCode(text).matchAll(/\[((?:[^[\]]|!\[[^\]]*\]\([^)]*\))*)\]\(([^()\s]*)\)/g);
	return [...links].map(([, linkText, target]) => ({ text: linkText!, target: target! }));
}

/** What GitHub lets a link after `#` name: https://github.com/gjtorikian/html-pipeline, its table of contents. */
export function anchorsOf({ text }: Page): string[] {
	const seen = new Map<string, number>();
	const ids = [...text.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id]) => id!);
	const ofHeadings = headings(text).map((heading) => {
		const slug = slugOf(heading);
		const earlier = seen.get(slug) ?? 0;
		seen.set(slug, earlier + 1);
		return earlier === 0 ? slug : `${slug}-${earlier}`;
	});
	return [...ofHeadings, ...ids];
}

function headings(text: string): string[] {
	const lines = withoutBlocks(text).split(/\r?\n/);
	return lines.flatMap((line) => /^#{1,6} +(.+?)\s*$/.exec(line)?.[1] ?? []);
}

function slugOf(heading: string): string {
	return heading
		.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
		.replaceAll(' ', '-');
}

/** What is set in `code`, in a line or a block. */
export function codeOf({ text }: Page): string[] {
	const blocks = [...text.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].map(([, code]) => code!);
	const inLines = [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!);
	return [...blocks, ...inLines];
}

/** What is set in *this* way, when it is a name: parameters, options, choices. */
export function italicsOf(text: string): string[] {
	const names = withoutCode(text).matchAll(/(?<![*\w])\*([A-Z][^*\n]*)\*(?![*\w])/g);
	return [...names].map(([, name]) => name!);
}

/** What is set in **this** way: nodes of a workflow, and what n8n and the vendors show. */
export function boldOf(text: string): string[] {
	return [...withoutCode(text).matchAll(/\*\*([^*\n]+)\*\*/g)].map(([, name]) => name!);
}

/** The parts of a page below each heading of a level; the first is what stands before them. */
export function sectionsOf(text: string, level: number): string[] {
	return text.split(new RegExp(`^(?=#{${level}} )`, 'm'));
}

const withoutBlocks = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '');

const withoutCode = (text: string): string => withoutBlocks(text).replace(/`[^`\n]+`/g, '');
