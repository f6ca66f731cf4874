import type { INodePropertyOptions } from 'n8n-workflow';

/** Whom Box lets open a link. */
export const linkAudiences: readonly INodePropertyOptions[] = [
	{ name: 'Anyone', value: 'open', description: 'Anybody who has the link' },
	{ name: 'Company', value: 'company', description: 'Members of the company only' },
	{
		name: 'People with Access',
		value: 'collaborators',
		description: 'It gives no new access',
	},
];
