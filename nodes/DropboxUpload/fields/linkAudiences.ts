import type { INodePropertyOptions } from 'n8n-workflow';

/** Dropbox's LinkAudience, as far as it can be asked for. */
export const linkAudiences: readonly INodePropertyOptions[] = [
	{ name: 'Anyone', value: 'public', description: 'Anybody who has the link' },
	{ name: 'People with Access', value: 'no_one', description: 'It gives no new access' },
	{ name: 'Team', value: 'team', description: 'Members of the team only' },
];
