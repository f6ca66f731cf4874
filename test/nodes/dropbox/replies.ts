import type { FaultAction } from '../../cloud';

/** A fault that answers with JSON of our choice. */
export function answering(json: unknown, status = 200): FaultAction {
	return {
		kind: 'reply',
		status,
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(json),
	};
}

export function answeringHtml(status: number, title = 'Something else'): FaultAction {
	return {
		kind: 'reply',
		status,
		headers: { 'content-type': 'text/html' },
		body: `<!doctype html><html><head><style>p{}</style></head><body><h1>${title}</h1></body></html>`,
	};
}

/** The answer of the API reference to files/upload_session/finish_batch. */
export const finishBatchExample = {
	'.tag': 'complete',
	entries: [
		{
			'.tag': 'success',
			name: 'Prime_Numbers.txt',
			id: 'id:a4ayc_80_OEAAAAAAAAAXw',
			client_modified: '2015-05-12T15:50:38Z',
			server_modified: '2015-05-12T15:50:38Z',
			rev: 'a1c10ce0dd78',
			size: 7212,
			path_lower: '/homework/math/prime_numbers.txt',
			path_display: '/Homework/math/Prime_Numbers.txt',
			sharing_info: {
				read_only: true,
				parent_shared_folder_id: '84528192421',
				modified_by: 'dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc',
			},
			is_downloadable: true,
			property_groups: [
				{
					template_id: 'ptid:1a5n2i6d3OYEAAAAAAAAAYa',
					fields: [{ name: 'Security Policy', value: 'Confidential' }],
				},
			],
			has_explicit_shared_members: false,
			content_hash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
			file_lock_info: {
				is_lockholder: true,
				lockholder_name: 'Imaginary User',
				created: '2015-05-12T15:50:38Z',
			},
		},
	],
};

const tagged = (name: string) => ({ '.tag': name });

const linkMetadata = {
	access_level: tagged('viewer'),
	audience_options: [tagged('public'), tagged('team'), tagged('members')],
	audience_restricting_shared_folder: {
		shared_folder_id: '84528192421',
		name: 'Homework',
		audience: tagged('team'),
	},
	current_audience: tagged('team'),
	expiry: '2016-01-20T00:00:00Z',
	link_permissions: [
		{ action: tagged('change_audience'), allow: true },
		{
			action: tagged('set_expiry'),
			allow: false,
			reason: {
				'.tag': 'insufficient_plan',
				message: 'Upgrade to set an expiry.',
				upsell_url: 'https://www.dropbox.com/plans',
			},
		},
	],
	password_protected: true,
};

/** SharedFileMetadata with every field that the API reference describes. */
export const sharedFileExample = {
	access_type: tagged('editor'),
	id: 'id:3kmLmQFnf1AAAAAAAAAAAw',
	name: 'file.txt',
	policy: {
		acl_update_policy: tagged('owner'),
		shared_link_policy: tagged('anyone'),
		member_policy: tagged('anyone'),
		resolved_member_policy: tagged('team'),
		viewer_info_policy: tagged('enabled'),
	},
	preview_url: 'https://www.dropbox.com/scl/fi/fir9vjelf',
	expected_link_metadata: linkMetadata,
	link_metadata: {
		...linkMetadata,
		url: 'https://www.dropbox.com/s/2sn712vy1ovegw8/file.txt?dl=0',
		audience_exceptions: { count: 1, exceptions: [{ name: 'Grades.txt' }] },
	},
	owner_display_names: ['Jane Doe', 'Team Admin'],
	owner_team: { id: 'dbtid:AAFdgehTzw7WlXhZJsbGCLePe8RvQGYDr-I', name: 'Acme, Inc.' },
	parent_shared_folder_id: '84528192421',
	path_display: '/dir/file.txt',
	path_lower: '/dir/file.txt',
	permissions: [
		{ action: tagged('edit_contents'), allow: true },
		{ action: tagged('unshare'), allow: false, reason: tagged('user_not_allowed_by_owner') },
	],
	time_invited: '2016-01-20T00:00:00Z',
};
