import { forUser, wrongInput } from '../../shared/catalogue';
import type { Failure, Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { APPROVE, CONFIGURATION } from './failures/console';
import { toFailure } from './failures/read';
import type { UsersPage } from './users';

export type AccountHeaders = Readonly<Record<string, string>>;

/** Asks, in nobody else's name, for the users whose login begins so. */
export type LookUpUsers = (login: string) => Promise<Outcome<UsersPage>>;

/** Whom an app acts for, as it was entered. */
export interface UserChoice {
	readonly by: 'id' | 'login';
	readonly value: string;
}

const nobody = wrongInput(
	'No user of the Box enterprise has this login',
	"Correct the email address in 'Act as User', or choose the user from the list. Similar logins aren't tried.",
);
const mayNotLookUp = forUser(
	"The Box app isn't allowed to look up users",
	`${CONFIGURATION}, select "Manage users", and save. Then ask a Box admin to authorize the app again ${APPROVE}. Or enter the numeric ID of the user in 'Act as User'.`,
);

/** The header that names a user. A login is looked up once a run, when the first call needs it; only the very login counts. */
export class AsUserHeaders {
	private asked: Promise<Outcome<AccountHeaders>> | undefined;

	constructor(
		private readonly choice: UserChoice | undefined,
		private readonly lookUp: LookUpUsers | undefined,
		private readonly onFound: (userId: string) => void,
	) {}

	async headers(): Promise<Outcome<AccountHeaders>> {
		const { choice, lookUp } = this;
		if (choice === undefined || lookUp === undefined) return success({});
		if (choice.by === 'id') return success({ 'As-User': choice.value });
		const asking = (this.asked ??= this.find(lookUp, choice.value));
		const headers = await asking;
		const mayPass = !headers.ok && headers.failure.retryable;
		if (mayPass && this.asked === asking) this.asked = undefined;
		return headers;
	}

	private async find(lookUp: LookUpUsers, login: string): Promise<Outcome<AccountHeaders>> {
		const found = await lookUp(login);
		if (!found.ok) return failed(explained(found.failure));
		const wanted = login.toLowerCase();
		const user = found.value.entries.find((one) => one.login.toLowerCase() === wanted);
		if (user === undefined || !/^\d+$/.test(user.id)) {
			return failed({ ...toFailure('input/asUser', nobody), subject: login });
		}
		this.onFound(user.id);
		return success({ 'As-User': user.id });
	}
}

/** What an app lacks that is refused the list of users, whichever way Box says it. */
export function explained(failure: Failure): Failure {
	return failure.status === 403 ? { ...failure, ...mayNotLookUp } : failure;
}
