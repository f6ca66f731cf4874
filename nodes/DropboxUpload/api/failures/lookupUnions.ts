import { forUser, wrongInput } from '../../../shared/catalogue';
import type { Tag, UnionTable } from './union';

const notThere = wrongInput(
	'Nothing is at this path in Dropbox',
	"Check the path and the option 'Paths Begin In'.",
);

const lookup: Tag = { union: 'files.LookupError', otherwise: notThere };

/** Unions of the calls that look at what is in Dropbox. */
export const lookupUnions: UnionTable = {
	'files.GetMetadataError': { path: lookup },
	'files.ListFolderError': {
		path: lookup,
		template_error: {
			union: 'file_properties.TemplateError',
			otherwise: wrongInput("The property template isn't valid", 'Check the template ID.'),
		},
	},
	'files.ListFolderContinueError': {
		path: lookup,
		// The same cursor would be refused again.
		reset: forUser(
			'The folder changed while it was read',
			'Run the workflow again when the folder changes less often.',
		),
	},
	'files.LookupError': {
		malformed_path: wrongInput(
			"Dropbox doesn't accept this path",
			'Write it as /Folder/name.ext. Remove empty parts, backslashes, line breaks, and spaces at the end of a name.',
		),
		not_found: notThere,
		not_file: wrongInput('A folder is at this path, not a file', 'Check the path.'),
		not_folder: wrongInput(
			'Part of the path is a file, not a folder',
			'Choose another folder, or rename the file.',
		),
		restricted_content: forUser(
			'The content at this path is restricted',
			'Ask the owner of the content, for example because of a copyright claim.',
		),
		unsupported_content_type: forUser(
			"The item at this path can't be used this way",
			'Choose another file. Cloud documents, for example, have no content of their own.',
		),
		locked: forUser(
			'The file at this path is locked',
			'Unlock it in Dropbox, or wait for the lock to end.',
		),
	},
	'file_properties.TemplateError': {
		template_not_found: wrongInput(
			'There is no property template with this ID',
			'Check the template ID.',
		),
		restricted_content: forUser(
			"You can't use this property template",
			'Ask the owner of the template.',
		),
	},
};
