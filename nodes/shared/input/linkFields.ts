import type { IDataObject, INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { utcSeconds } from './dates';

/** What a link to a stored file is to be like; undefined where the vendor decides. */
export interface LinkWish {
	readonly audience: string | undefined;
	/** `2026-05-12T15:50:38Z` */
	readonly expires: string | undefined;
	readonly password: string | undefined;
}

const BY_DEFAULT = 'default';
const whenWanted = { show: { sharedLink: [true] } };

/** Options for a link to each stored file, with the vendor's own audiences. */
export function linkOptions(
	audiences: readonly INodePropertyOptions[],
	plan: string,
): INodeProperties[] {
	return [
		{
			displayName: 'Shared Link',
			name: 'sharedLink',
			type: 'boolean',
			default: false,
			description: `Whether each item carries a link to its file (shared_link). A file that has a link keeps it as it is. ${plan}`,
		},
		...linkSettings(audiences).map((setting) => ({ ...setting, displayOptions: whenWanted })),
	];
}

/** What a new link is to be like. */
export function linkSettings(audiences: readonly INodePropertyOptions[]): INodeProperties[] {
	return [
		{
			displayName: 'Shared Link Audience',
			name: 'linkAudience',
			type: 'options',
			options: [
				{ name: 'Default', value: BY_DEFAULT, description: 'As the account or folder is set' },
				...audiences,
			],
			default: BY_DEFAULT,
			description: 'Who can open the link',
		},
		{
			displayName: 'Shared Link Expires',
			name: 'linkExpires',
			type: 'string',
			default: '',
			placeholder: 'e.g. {{ $now.plus({ days: 14 }) }}',
			description:
				'When the link stops working. Empty means never. A date without a time zone is read as UTC. Not in every plan.',
		},
		{
			displayName: 'Shared Link Password',
			name: 'linkPassword',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'What people must enter to open the link. Not in every plan.',
		},
	];
}

/** Undefined when no link is wanted. Throws InputProblem. */
export function readLinkWish(options: IDataObject): LinkWish | undefined {
	const wish = readLinkSettings(options);
	return options.sharedLink === true ? wish : undefined;
}

/** Throws InputProblem. */
export function readLinkSettings(options: IDataObject): LinkWish {
	const { linkAudience: audience, linkExpires: expires, linkPassword: password } = options;
	const isGiven = expires !== undefined && expires !== '';
	const isText = typeof password === 'string' || typeof password === 'number';
	return {
		audience: typeof audience === 'string' && audience !== BY_DEFAULT ? audience : undefined,
		expires: isGiven ? utcSeconds(expires, 'linkExpires', 'Shared Link Expires') : undefined,
		password: isText && password !== '' ? `${password}` : undefined,
	};
}
