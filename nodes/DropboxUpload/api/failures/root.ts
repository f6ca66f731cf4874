import type { Failure, Outcome } from '../../../shared/failure';
import { failed } from '../../../shared/failure';
import { parentOf } from '../paths';

/** Where the paths of a call begin: see `Root` of the connection. `teamSpace` is Root set to Automatic. */
export type RootKind = 'teamSpace' | 'home' | 'namespace';

/** A 422 with Root at Automatic: the remedies of the union are for a namespace that somebody typed. */
export function rootRefused(failure: Failure, root: RootKind | undefined): Failure {
	if (root !== 'teamSpace') return failure;
	// Assumed of an app that has a folder of its own: the team's root is not in it.
	if (failure.code === 'no_permission') {
		return {
			...failure,
			message: "The Dropbox app can't use the root of the account",
			remedy:
				"Set 'App Access Type' to App Folder in the credential if the app was created with that access. Otherwise set 'Paths Begin In' to My Folder in Options.",
		};
	}
	if (failure.code === 'invalid_root') {
		return {
			...failure,
			message: 'The root of the account has just changed',
			remedy: "Run this again. If it happens again, set 'Paths Begin In' to My Folder in Options.",
		};
	}
	return failure;
}

/** A 422 that does not say what is wrong: it is about the header with the root, where the node has sent one. */
export function rootUnexplained(failure: Failure, root: RootKind | undefined): Failure {
	if (root === undefined || root === 'home') return failure;
	const mended = root === 'teamSpace' ? 'My Folder' : 'Automatic';
	return {
		...failure,
		message: "Dropbox doesn't accept the root of the paths",
		remedy: `Set 'Paths Begin In' to ${mended} in Options.`,
	};
}

/**
 * Files cannot lie beside the team folders: https://developers.dropbox.com/dbx-team-files-guide. Nobody's rights
 * to a folder are the reason then. The failure's subject is the path.
 */
export function atTeamRoot(failure: Failure, root: RootKind): Failure {
	const { code, subject = '' } = failure;
	const isTop = subject.startsWith('/') && parentOf(subject) === '';
	if (root !== 'teamSpace' || !isTop || !code.endsWith('no_write_permission')) return failure;
	return {
		...failure,
		message: "Files can't be stored at the top level of a team space",
		remedy:
			"Set 'Paths Begin In' to My Folder in Options to store the file in the member's own folder. Or begin the path with a team folder.",
	};
}

/** The same for an outcome. */
export function explainedAtTeamRoot<T>(outcome: Outcome<T>, root: RootKind): Outcome<T> {
	return outcome.ok ? outcome : failed(atTeamRoot(outcome.failure, root));
}
