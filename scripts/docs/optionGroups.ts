/** The groups of an upload's options. The editor has one list in the alphabet, so their first words hold them together there. */
import type { INodeProperties } from 'n8n-workflow';

const GROUPS: Readonly<Record<string, readonly string[]>> = {
	'File Details': [
		'clientModified',
		'propertyGroups',
		'keepFoldersBelow',
		'mute',
		'strictConflict',
		'ifMatch',
	],
	'Source in another account': ['compareContent', 'sourceLinkPassword'],
	'Shared Link': ['sharedLink', 'linkAudience', 'linkExpires', 'linkPassword'],
	Resume: ['resume', 'resumeFolder', 'resumeFrom'],
	'Output and plan': ['output', 'planOnly'],
	Performance: [
		'parallel',
		'partSizeMib',
		'memoryLimitMib',
		'commitSize',
		'deadlineMinutes',
		'checkFirst',
		'skipParts',
	],
};

/** Below that, one table is easier to read. */
const LEAST_GROUPED = 12;

export interface OptionGroup {
	readonly title: string;
	readonly options: readonly INodeProperties[];
}

/** Throws where nobody has said which group an option belongs to. */
export function optionGroups(options: readonly INodeProperties[]): OptionGroup[] {
	if (options.length === 0) return [];
	if (options.length < LEAST_GROUPED) return [{ title: 'Options', options }];
	const groups = Object.entries(GROUPS).map(([group, names]) => ({
		title: `Options, ${group}`,
		options: names.flatMap((name) => options.filter((option) => option.name === name)),
	}));
	const left = options.filter(({ name }) => !Object.values(GROUPS).flat().includes(name));
	if (left.length > 0) throw new Error(`no group for ${left.map(({ name }) => name).join(', ')}`);
	return groups.filter((group) => group.options.length > 0);
}
