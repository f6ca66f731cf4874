import type { Outcome } from '../../shared/failure';
import { failed, success } from '../../shared/failure';
import { forUser, wrongInput } from '../../shared/catalogue';
import { toFailure } from './failures/read';
import type { Connection } from './connection';
import { memberByEmail } from './team';

type TeamHeaders = Readonly<Record<string, string>>;

/** Whom a team's credential acts for, as it was entered. */
export interface MemberChoice {
	/** Name of the option. */
	readonly option: 'selectUser' | 'selectAdmin';
	readonly by: 'id' | 'email';
	readonly value: string;
}

const HEADERS = {
	selectUser: 'Dropbox-API-Select-User',
	selectAdmin: 'Dropbox-API-Select-Admin',
} as const;

const notInTeam = wrongInput(
	'No member of the Dropbox team has this email address',
	"Correct the email address, or choose the member from the list. Similar emails aren't tried.",
);
const NOBODY = {
	selectUser: toFailure('input/selectUser', notInTeam),
	selectAdmin: toFailure('input/selectAdmin', notInTeam),
};
const mayNotAct = forUser(
	'The team member is suspended or removed',
	'Choose another member, or ask the admin of the Dropbox team.',
);
const hasNotJoined = forUser(
	"The team member hasn't accepted the invitation to the Dropbox team yet",
	'Choose another member, or ask this one to accept the invitation, then run this again.',
);

/**
 * The headers that name a team member. An email is looked up once a run, when the first call needs it; only
 * the very address counts. https://www.dropbox.com/developers/documentation/http/teams
 */
export class TeamMemberHeaders {
	private asked: Promise<Outcome<TeamHeaders>> | undefined;

	constructor(
		private readonly choice: MemberChoice | undefined,
		/** Asks for the team itself, in nobody's name. */
		private readonly team: (() => Connection) | undefined,
		private readonly onFound: (memberId: string) => void,
	) {}

	async headers(): Promise<Outcome<TeamHeaders>> {
		const { choice } = this;
		const { team } = this;
		if (choice === undefined || team === undefined) return success({});
		if (choice.by === 'id') return success({ [HEADERS[choice.option]]: choice.value });
		const asking = (this.asked ??= this.find(team(), choice));
		const headers = await asking;
		const mayPass = !headers.ok && headers.failure.retryable;
		if (mayPass && this.asked === asking) this.asked = undefined;
		return headers;
	}

	private async find(
		team: Connection,
		{ option, value: email }: MemberChoice,
	): Promise<Outcome<TeamHeaders>> {
		const found = await memberByEmail(team, email);
		if (!found.ok) return failed(found.failure);
		const { member } = found.value;
		const subject = { subject: email };
		if (member === undefined) {
			return failed({ ...NOBODY[option], ...subject });
		}
		if (member.status === 'suspended' || member.status === 'removed') {
			return failed({ ...toFailure('user_suspended', mayNotAct), ...subject });
		}
		if (member.status === 'invited') {
			return failed({ ...toFailure('invalid_select_user', hasNotJoined), ...subject });
		}
		this.onFound(member.id);
		return success({ [HEADERS[option]]: member.id });
	}
}
