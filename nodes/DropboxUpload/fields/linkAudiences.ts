import type { INodePropertyOptions } from 'n8n-workflow';

/** Dropbox's LinkAudience, as far as it can be asked for. */
export const linkAudiences: readonly INodePropertyOptions[] = [
	{ name: 'Anyone', value: 'public', description: 'Anyone who has the link' },
	{
		name: 'People with Access',
		value: 'no_one',
		description: 'Only people who already have access',
	},
	{ name: 'Team', value: 'team', description: 'Only members of the team' },
];
