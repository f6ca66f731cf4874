import type { IDataObject, INodeProperties } from 'n8n-workflow';

import { InputProblem } from '../../shared/fields/inputProblem';
import { located } from '../../shared/fields/locator';
import { added } from '../../shared/fields/parameters';
import { requiredText } from '../../shared/fields/values';
import type { MemberChoice } from '../api/teamMember';

const MEMBER_ID = 'e.g. dbmid:AAHhy7WsR0x-u4ZCqiDl5Fz5zvuL3kmspwU';

function memberField(
	name: MemberChoice['option'],
	displayName: string,
	description: string,
): INodeProperties {
	return {
		displayName,
		name,
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		description,
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				placeholder: 'Choose a member',
				hint: "Needs 'Team Members' in the credential",
				typeOptions: { searchListMethod: 'searchMembers', searchable: true },
			},
			{
				displayName: 'By Email',
				name: 'email',
				type: 'string',
				placeholder: 'e.g. nathan@example.com',
				hint: "Needs 'Team Members' in the credential",
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: MEMBER_ID,
			},
		],
	};
}

export const teamMemberOptions: readonly INodeProperties[] = [
	memberField(
		'selectAdmin',
		'Act as Team Admin',
		'The team admin to act as, for credentials of a team app',
	),
	memberField(
		'selectUser',
		'Act as Team Member',
		'The team member whose files to use, for credentials of a team app',
	),
];

const REMEDY =
	'Choose the member from the list, or use an email address or a member ID like dbmid:….';

/** Undefined when nobody is named. Throws InputProblem. */
export function readMember(options: IDataObject): MemberChoice | undefined {
	const user = choiceIn(options, 'selectUser', 'Act as Team Member');
	const admin = choiceIn(options, 'selectAdmin', 'Act as Team Admin');
	if (user !== undefined && admin !== undefined) {
		throw new InputProblem(
			'selectUser',
			"'Act as Team Member' and 'Act as Team Admin' can't be used together",
			'Remove one of the two options.',
		);
	}
	return user ?? admin;
}

function choiceIn(
	options: IDataObject,
	option: MemberChoice['option'],
	label: string,
): MemberChoice | undefined {
	const given = located(added(options, option, ''));
	if (given === '') return undefined;
	const value = requiredText(given, option, label, REMEDY);
	// An ID becomes a header: nothing but the printable characters of one may pass.
	if (!/^[\x21-\x7e]+$/.test(value)) {
		throw new InputProblem(
			option,
			`'${label}' isn't an email address or a member ID`,
			REMEDY,
			value,
		);
	}
	if (!value.includes('@')) return { option, by: 'id', value };
	if (!/^[^@\s]+@[^@\s]+\.[a-zA-Z]{2,15}$/.test(value)) {
		throw new InputProblem(option, `'${label}' isn't a complete email address`, REMEDY, value);
	}
	return { option, by: 'email', value };
}
