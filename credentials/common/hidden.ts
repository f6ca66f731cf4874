import type { INodeProperties } from 'n8n-workflow';

/** A setting of n8n's OAuth2 that the user neither sees nor changes. */
export function hidden(
	displayName: string,
	name: string,
	value: INodeProperties['default'],
): INodeProperties {
	return { displayName, name, type: 'hidden', default: value };
}
