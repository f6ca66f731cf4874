import { forUser, wrongInput } from '../../../shared/catalogue';
import type { UnionTable } from './union';

/** Why a stored file has got no properties. */
export const propertyUnions: UnionTable = {
	'file_properties.InvalidPropertyGroupError': {
		template_not_found: wrongInput(
			'The file is stored, but there is no property template with this ID',
			'Check the template ID and add the properties to the stored file.',
			'yes',
		),
		restricted_content: forUser(
			"The file is stored, but you can't use this property template",
			'Ask the owner of the template, then add the properties to the stored file.',
			'yes',
		),
		path: {
			union: 'file_properties.LookupError',
			otherwise: wrongInput(
				"The file is stored, but its properties couldn't be added",
				'Add the properties to the stored file.',
				'yes',
			),
		},
		unsupported_folder: wrongInput(
			"The file is stored, but this folder can't carry properties",
			'Leave the property groups out for this folder.',
			'yes',
		),
		property_field_too_large: wrongInput(
			'The file is stored, but a property value is too long',
			'Shorten the value and add it to the stored file: names may have 256 bytes and values 1,024 bytes.',
			'yes',
		),
		does_not_fit_template: wrongInput(
			"The file is stored, but its properties don't fit the template",
			'Compare the field names and types with the template.',
			'yes',
		),
		duplicate_property_groups: wrongInput(
			'The file is stored, but two property groups use the same template',
			'Use each template once per file.',
			'yes',
		),
	},
	'file_properties.LookupError': {
		malformed_path: wrongInput(
			"The file is stored, but Dropbox didn't accept its path for properties",
			'Add the properties to the stored file.',
			'yes',
		),
		not_found: wrongInput(
			"The file is stored, but Dropbox didn't find it to add properties",
			'Add the properties to the stored file.',
			'yes',
		),
		not_file: wrongInput(
			'The properties were meant for a file, but the path is a folder',
			'Check the path.',
			'yes',
		),
		not_folder: wrongInput(
			'The properties were meant for a folder, but the path is a file',
			'Check the path.',
			'yes',
		),
		restricted_content: forUser(
			'The file is stored, but its content is restricted, so no properties were added',
			'Ask the owner of the content.',
			'yes',
		),
	},
};
