// The rest of the caller's environment stays out: a proxy or a token in it would change the result.
const INHERITED = [
	'PATH',
	'Path',
	'TMPDIR',
	'TEMP',
	'TMP',
	'SystemRoot',
	'SYSTEMROOT',
	'windir',
	'LANG',
	'TZ',
];

/** For a process that is n8n, or n8n's engine, and whose home is a folder of its own. */
export function n8nEnvironment(homeDir: string): Record<string, string> {
	const inherited = INHERITED.flatMap((name) => {
		const value = process.env[name];
		return value === undefined ? [] : [[name, value]];
	});
	return {
		...(Object.fromEntries(inherited) as Record<string, string>),
		// With NODE_ENV=test n8n loads node classes in another way.
		NODE_ENV: 'production',
		HOME: homeDir,
		USERPROFILE: homeDir,
		N8N_USER_FOLDER: homeDir,
	};
}
