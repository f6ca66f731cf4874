import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { InputProblem } from '../../shared/fields/inputProblem';
import { located } from '../../shared/fields/locator';
import { added } from '../../shared/fields/parameters';
import { text } from '../../shared/fields/readers';
import { printable } from '../../shared/fields/values';
import type { UserChoice } from '../api/asUser';

export const asUserOption: INodeProperties = {
	displayName: 'Act as User',
	name: 'asUser',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: 'The user to act as, for a server app that may make calls on behalf of users',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Choose a user',
			hint: 'The app needs the permission "Manage users"',
			typeOptions: { searchListMethod: 'searchUsers', searchable: true },
		},
		{
			displayName: 'By Login',
			name: 'login',
			type: 'string',
			placeholder: 'e.g. nathan@example.com',
			hint: 'The app needs the permission "Manage users"',
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 12345678',
		},
	],
};

/** Undefined when nobody is named. Throws InputProblem. */
export function readAsUser(options: IDataObject): UserChoice | undefined {
	const given = text(located(added(options, 'asUser', '')), 'asUser', 'Act as User');
	if (given === '') return undefined;
	const value = given.trim();
	if (/^[0-9]+$/.test(value)) return { by: 'id', value };
	if (/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value)) return { by: 'login', value };
	throw new InputProblem(
		'asUser',
		"'Act as User' isn't a login or a user ID",
		'Choose the user from the list, or use the whole email address or the numeric ID of the Box user.',
		printable(given),
	);
}
