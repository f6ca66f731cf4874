/** Whom an app acts for: from the list, by login, by ID. */
import type { INodeParameters } from 'n8n-workflow';

import { boxAccounts } from '../../cloud/box';
import { failureOf, fileItem, jsonOf, step, text, useBox } from './steps';

const rig = useBox();
const USERS = 'GET /users';
const located = (mode: string, value: string): INodeParameters => ({ __rl: true, mode, value });
const create = (asUser: string | INodeParameters, count = 1) =>
	step('create', {
		items: Array.from({ length: count }, (_, index) => fileItem(text, { name: `${index}.txt` })),
		parameters: { fileName: '={{ $json.name }}' },
		options: { asUser },
	});
const owners = () => [
	...new Set(
		rig()
			.cloud.box.sessions()
			.map(({ userId }) => userId),
	),
];
const { colleague } = boxAccounts;

beforeEach(async () => {
	await rig().connectBoxJwt();
});

test.each([
	['from the list', located('list', colleague.id), 0],
	['by ID', located('id', colleague.id), 0],
	['by login', located('login', colleague.login), 1],
	['by a login in other letters', located('login', colleague.login.toUpperCase()), 1],
	['by a login with blanks around it', located('login', ` ${colleague.login} `), 1],
	['by what an older workflow holds', colleague.id, 0],
])('acts for a user %s', async (_what, asUser, lookups) => {
	jsonOf(await rig().boxJwt(create(asUser, 5)));
	expect(owners()).toEqual([colleague.id]);
	expect(rig().calls(USERS)).toHaveLength(lookups);
});

test.each([
	['a login with a typo', 'colleage@example.com', 1, /No user of the Box enterprise/],
	// Users whose login begins so are found.
	['the beginning of a login', 'user@example.co', 1, /No user of the Box enterprise/],
	['a name', 'Box User', 0, /isn't a login or a user ID/],
])('refuses %s, and guesses nobody else', async (_what, login, lookups, says) => {
	const failure = failureOf(await rig().boxJwt(create(located('login', login))));
	expect(failure).toMatchObject({ path: 'input/asUser', class: 'input', stored: 'no' });
	expect(failure.message).toMatch(says);
	expect(rig().calls(USERS)).toHaveLength(lookups);
	expect(owners()).toEqual([]);
});

test('an app that may not look users up is told what to select', async () => {
	rig().cloud.box.settings.mayManageUsers = false;
	const failure = failureOf(await rig().boxJwt(create(located('login', colleague.login))));
	expect(failure).toMatchObject({ status: 403, class: 'user' });
	expect(failure.description).toContain('select "Manage users"');
	await expect(list()).rejects.toThrow("The Box app isn't allowed to look up users");
});

const list = async (search = {}) => {
	const { engine } = rig();
	return await engine.searchList({
		method: 'searchUsers',
		...search,
		node: {
			type: 'n8n-nodes-upload-sessions.boxUpload',
			parameters: { resource: 'file', operation: 'upload', authentication: 'jwt', options: {} },
			credentials: { boxUploadJwtApi: (await rig().connectBoxJwt()).credentialId },
		},
	});
};

test('lists the users, and those whose name or login begins with what is typed', async () => {
	const { results } = await list();
	expect(results).toContainEqual({
		name: `${colleague.name} (${colleague.login})`,
		value: colleague.id,
	});
	expect(results).toHaveLength(3);
	expect((await list({ filter: 'box coll' })).results).toHaveLength(1);
});

test('lists them page by page', async () => {
	rig().cloud.box.settings.usersPage = 2;
	const first = await list();
	expect(first.results).toHaveLength(2);
	const { paginationToken } = first;
	const last = await list({ paginationToken });
	expect(last.results).toHaveLength(1);
	expect(last.paginationToken).toBeUndefined();
	const values = [...first.results, ...last.results].map(({ value }) => value);
	expect(new Set(values).size).toBe(3);
});
