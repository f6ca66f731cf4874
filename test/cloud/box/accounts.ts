/** The users of the one enterprise in this cloud. Ids are what tokens and As-User name. */
export interface BoxAccount {
	readonly id: string;
	readonly name: string;
	readonly login: string;
}

export const boxAccounts = {
	/** The user who connects the app in a browser. */
	user: { id: '11446498', name: 'Box User', login: 'user@example.com' },
	colleague: { id: '11446499', name: 'Box Colleague', login: 'colleague@example.com' },
	/** Whom the client credentials grant acts for unless it names a user. */
	service: { id: '20901234', name: 'Upload Service', login: 'AutomationUser_1@boxdevedition.com' },
} as const satisfies Record<string, BoxAccount>;

export const boxEnterpriseId = '27335';

const byId = new Map<string, BoxAccount>(
	Object.values(boxAccounts).map((account) => [account.id, account]),
);

export function accountById(id: string): BoxAccount | undefined {
	return byId.get(id);
}
