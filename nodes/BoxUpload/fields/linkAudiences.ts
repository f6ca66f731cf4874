import type { INodePropertyOptions } from 'n8n-workflow';

/** Whom Box lets open a link. */
export const linkAudiences: readonly INodePropertyOptions[] = [
	{ name: 'Anyone', value: 'open', description: 'Anyone who has the link' },
	{ name: 'Company', value: 'company', description: 'Only members of the company' },
	{
		name: 'People with Access',
		value: 'collaborators',
		description: 'Only people who already have access',
	},
];
