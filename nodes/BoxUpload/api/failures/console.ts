/** Where the app is configured, and where an admin approves it. */
export const CONFIGURATION = 'In the Box Developer Console, open the app > Configuration';
export const APPROVE =
	'in the Admin Console under Integrations > Platform Apps Manager (by its client ID)';
