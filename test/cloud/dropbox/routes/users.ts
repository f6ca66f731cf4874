import { fullAccount } from '../accounts';
import type { Call, Handlers } from '../call';

export const userRoutes: Handlers = {
	'users/get_current_account': async ({ view }) => fullAccount(view.account),
	'check/user': async ({ argument }: Call<{ query: string }>) => ({ result: argument.query }),
};
