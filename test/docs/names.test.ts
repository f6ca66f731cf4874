/** What the texts for users call by name is called that in n8n. */
import type { INode, INodeParameters, INodeProperties } from 'n8n-workflow';

import { BoxUpload } from '../../nodes/BoxUpload/BoxUpload.node';
import { DropboxUpload } from '../../nodes/DropboxUpload/DropboxUpload.node';
import { BoxUploadServerOAuth2Api } from '../../credentials/BoxUploadServerOAuth2Api.credentials';
import { DropboxUploadOAuth2Api } from '../../credentials/DropboxUploadOAuth2Api.credentials';
import { exampleFiles, readExample, type ExportedWorkflow } from '../support/exampleWorkflow';
import { choicesOf, everyField, labelsOf } from '../support/fields';
import { boldOf, italicsOf, linksOf, readPage, sectionsOf } from './markdown';

const fieldsByNode: Readonly<Record<string, readonly INodeProperties[]>> = {
	'n8n-nodes-upload-sessions.dropboxUpload': everyField(new DropboxUpload().description.properties),
	'n8n-nodes-upload-sessions.boxUpload': everyField(new BoxUpload().description.properties),
};

const ourLabels = Object.values(fieldsByNode).flatMap(labelsOf);
const labelsOfCredentials = [new DropboxUploadOAuth2Api(), new BoxUploadServerOAuth2Api()].flatMap(
	({ properties }) => labelsOf(everyField(properties)),
);

/** What n8n itself and the vendors show. */
const LABELS_OF_OTHERS = [
	...['All Files', 'Continue', 'Execute step', 'Execute workflow', 'Extract from File'],
	...['Full Dropbox', 'On Error', 'Permissions', 'Production URL', 'Publish', 'Retry On Fail'],
	...['Upload', 'Webhook'],
];

const isKnown = (labels: readonly string[]) => (name: string) =>
	labels.includes(name) || LABELS_OF_OTHERS.includes(name);

const PAGES_FOR_USERS = [
	'README.md',
	...[
		'connect-dropbox',
		'connect-box',
		'uploads',
		'errors',
		'dropbox-upload',
		'box-upload',
		'agents',
	].map((name) => `docs/${name}.md`),
];

test.each(PAGES_FOR_USERS)('%s speaks of parameters, options and choices that exist', (file) => {
	// What the nodes say themselves is set as they say it.
	const byHand = readPage(file).text.replace(/^\|.*<br>.*$/gm, '');
	const names = italicsOf(byHand);
	expect(names.length).toBeGreaterThan(0);
	expect(names.filter((name) => !isKnown(ourLabels)(name))).toEqual([]);
});

test.each(exampleFiles())('the notes of examples/%s speak of what exists', (file) => {
	const workflow = readExample(file);
	const names = notesOf(workflow).flatMap(italicsOf);
	const ofNodes = workflow.nodes.map(({ name }) => name);
	const isFine = isKnown([...ourLabels, ...labelsOfCredentials, ...ofNodes]);
	expect(names.filter((name) => !isFine(name))).toEqual([]);
});

function notesOf({ nodes }: ExportedWorkflow): string[] {
	const notes = nodes.filter(({ type }) => type === 'n8n-nodes-base.stickyNote');
	return notes.map(({ parameters }) => parameters.content as string);
}

describe('the recipes of the README', () => {
	const chapters = sectionsOf(readPage('README.md').text, 2);
	const chapter = chapters.find((text) => text.startsWith('## Recipes')) ?? '';
	const recipes = sectionsOf(chapter, 3)
		.slice(1)
		.map((text) => ({ title: /^### (.*)$/m.exec(text)![1]!, text }));

	/** The workflows that the recipe tells its reader to import. */
	const importedBy = (text: string) =>
		linksOf({ file: 'README.md', text })
			.filter(({ text: name }) => /^(Dropbox|Box): /.test(name))
			.map(({ text: name, target }) => ({
				name,
				workflow: readExample(target.replace('examples/', '')),
			}));

	test('are each followed by a test that runs the workflow', () => {
		const tests = ['test/recipes.test.ts', 'test/examples.test.ts']
			.map((file) => readPage(file).text)
			.join('\n');
		const files = recipes.flatMap(({ text }) =>
			[...text.matchAll(/^Import [^]*?\.$/gm)].flatMap(([sentence]) =>
				[...sentence.matchAll(/examples\/([\w-]+\.json)/g)].map(([, file]) => file!),
			),
		);
		expect(files.length).toBeGreaterThan(5);
		// Both files run each of their workflows by its name, and look at what is stored.
		expect(files.filter((file) => !tests.includes(`'${file}'`))).toEqual([]);
	});

	test('are six', () => {
		expect(recipes).toHaveLength(6);
	});

	describe.each(recipes)('$title', ({ text }) => {
		const imported = importedBy(text);
		const nodes = imported.flatMap(({ workflow }) => workflow.nodes);

		test('names each workflow as n8n names it after the import', () => {
			expect(imported.length).toBeGreaterThan(0);
			expect(imported.map(({ name }) => name)).toEqual(
				imported.map(({ workflow }) => workflow.name),
			);
		});

		test('speaks of nodes that the workflow has', () => {
			const spokenOf = boldOf(text).filter((name) => name !== 'What comes out:');
			const isFine = isKnown(nodes.map(({ name }) => name));
			expect(spokenOf.length).toBeGreaterThan(3);
			expect(spokenOf.filter((name) => !isFine(name))).toEqual([]);
		});

		test('speaks of parameters, options and choices that these nodes have', () => {
			const labels = nodes.flatMap(({ type }) => labelsOf(fieldsByNode[type] ?? []));
			expect(italicsOf(text).filter((name) => !isKnown(labels)(name))).toEqual([]);
		});

		test('has a node for each step, in the words of the notes in the workflow', () => {
			const steps = [...text.matchAll(/^\d+\. \*\*([^*]+)\*\*/gm)].map(([, name]) => name!);
			const notes = imported.map(({ workflow }) => notesOf(workflow).join('\n'));
			expect(steps.length).toBeGreaterThan(0);
			// A recipe for Dropbox and Box names the node of Box in brackets.
			const missing = steps.filter((name) => !notes[0]!.includes(`**${name}**`));
			expect(missing).toEqual([]);
		});

		test('says how the workflow is set where it says so', () => {
			const statements = [...text.matchAll(/\*([A-Z][^*]*)\* is (?:set to )?\*([A-Z][^*]*)\*/g)];
			const settings = nodes.flatMap(settingsOf);
			const wrong = statements
				.map(([, label, choice]) => `${label}: ${choice}`)
				.filter((statement) => !settings.includes(statement));
			expect(wrong).toEqual([]);
		});
	});
});

/** `Label: Choice` of every list of ours that a workflow has set. */
function settingsOf({ type, parameters }: INode): string[] {
	const values: INodeParameters = { ...parameters, ...(parameters.options as INodeParameters) };
	return (fieldsByNode[type] ?? []).flatMap((field) =>
		choicesOf(field)
			.filter(({ value }) => value === values[field.name])
			.map(({ name }) => `${field.displayName}: ${name}`),
	);
}
