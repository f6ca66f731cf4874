import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { InputProblem } from '../../shared/fields/inputProblem';
import { added, collectionOf, textOf } from '../../shared/fields/parameters';
import { choicesOf, singleLine } from '../../shared/fields/readers';
import { printable, requiredText } from '../../shared/fields/values';
import { storedForm } from '../api/paths';

export const fileField: INodeProperties = {
	displayName: 'File',
	name: 'file',
	type: 'string',
	required: true,
	default: '',
	placeholder: 'e.g. /Reports/summary.pdf',
	description: 'Path of the file in Dropbox, its ID, or its path in a namespace (ns:123/name)',
};

/** Every FileAction of Dropbox's specification that can be asked for. */
export const actionsOption: INodeProperties = {
	displayName: 'Actions to Check',
	name: 'actions',
	type: 'multiOptions',
	options: [
		{
			name: 'Create Edit Link',
			value: 'create_edit_link',
			description: 'Create a link with permission to edit',
		},
		{ name: 'Create Link', value: 'create_link', description: 'Create a shared link to the file' },
		{
			name: 'Create View Link',
			value: 'create_view_link',
			description: 'Create a link with permission to view',
		},
		{
			name: 'Disable Viewer Info',
			value: 'disable_viewer_info',
			description: 'Stop recording who has viewed the file',
		},
		{
			name: 'Edit Contents',
			value: 'edit_contents',
			description: 'Change the content of the file',
		},
		{
			name: 'Enable Viewer Info',
			value: 'enable_viewer_info',
			description: 'Record who has viewed the file',
		},
		{ name: 'Invite Editor', value: 'invite_editor', description: 'Add a member who may edit' },
		{ name: 'Invite Viewer', value: 'invite_viewer', description: 'Add a member who may view' },
		{
			name: 'Invite Viewer Without Comments',
			value: 'invite_viewer_no_comment',
			description: 'Add a member who may view but not comment',
		},
		{
			name: 'Relinquish Membership',
			value: 'relinquish_membership',
			description: "Give up one's own access to the file",
		},
		{
			name: 'Share Link (Deprecated)',
			value: 'share_link',
			description: 'Use Create View Link or Create Edit Link instead',
		},
		{ name: 'Unshare', value: 'unshare', description: 'Stop sharing the file' },
	],
	default: [],
	description:
		'The actions to check. For each, the output says under permissions whether you may do it.',
};

/** sharing.PathOrId; throws InputProblem. */
export function readFile(context: IExecuteFunctions, itemIndex: number): string {
	const given = singleLine(textOf(context, itemIndex, 'file', 'File'), 'file', 'File');
	const file = requiredText(given, 'file', 'File', FORMS);
	if (!/^(?:(?:\/|id:)[\s\S]*|nspath:[0-9]+:[\s\S]*|ns:[0-9]+(?:\/[\s\S]*)?)$/.test(file)) {
		throw new InputProblem('file', "'File' is neither a path nor an ID", FORMS, printable(file));
	}
	return storedForm(file);
}

const FORMS = 'Use a path like /Folder/name.ext, an ID like id:…, or ns:123/name.';

const ACTIONS = (actionsOption.options ?? []).map((option) =>
	'value' in option ? String(option.value) : '',
);

/** Throws InputProblem. */
export function readActions(context: IExecuteFunctions, itemIndex: number): string[] {
	const given = added(collectionOf(context, itemIndex), 'actions', []);
	return choicesOf(given, 'actions', 'Actions to Check', ACTIONS);
}
