import { receive, type Call, type Handlers } from '../call';
import { commit, conflict, type CommitInfo } from '../commit';
import { storedContent } from '../contentHash';
import { nested, RouteFailure, tag, type Tagged } from '../errors';
import { faultOfPath, pathFaultTag } from '../paths';
import { checkJob } from './uploadBatch';
import { commitParts, commitSession } from './uploadSession';

interface UploadArgument extends CommitInfo {
	readonly content_hash?: string;
}

interface SaveUrlArgument {
	readonly path: string;
	readonly url: string;
}

export const uploadRoutes: Handlers = {
	'files/upload': upload,
	'files/save_url': saveUrl,
	'files/save_url/check_job_status': async (call: Call<{ async_job_id: string }>) =>
		checkJob(call, saveUrlJob),
};

const saveUrlJob = 'save_url';

/** The bytes go into a session first: a refused path names it, to be finished elsewhere. */
async function upload(call: Call<UploadArgument>): Promise<unknown> {
	const { argument, state, view } = call;
	const session = state.sessions.start('sequential', view.account.accountId);
	try {
		const staged = session.stage(0);
		const own = (): string | undefined => staged.ownHash;
		await receive(call, (chunk) => staged.write(chunk), argument.content_hash, own);
		staged.store(false);
	} catch (error) {
		state.sessions.lose(session.id);
		throw error;
	}
	const outcome = commitSession(call, session, argument);
	switch (outcome.kind) {
		case 'stored':
			return outcome.metadata;
		case 'storedWithoutProperties':
			throw new RouteFailure(nested('properties_error', outcome.propertiesError));
		case 'contention':
			throw writeFailed(tag('too_many_write_operations'), session.id);
		case 'refused':
			throw writeFailed(outcome.writeError, session.id);
	}
}

function writeFailed(reason: Tagged, sessionId: string): RouteFailure {
	return new RouteFailure(tag('path', { reason, upload_session_id: sessionId }));
}

async function saveUrl(call: Call<SaveUrlArgument>): Promise<unknown> {
	const { argument, state, view } = call;
	const isWeb = URL.canParse(argument.url) && /^https?:$/.test(new URL(argument.url).protocol);
	if (!isWeb) throw new RouteFailure(tag('invalid_url'));
	const pathFault = faultOfPath(argument.path);
	if (pathFault) {
		throw new RouteFailure(nested('path', pathFaultTag(pathFault, argument.path)));
	}
	const place = state.space.resolve(view, argument.path);
	if (place && state.space.fileAbove(place)) {
		throw new RouteFailure(nested('path', conflict('file_ancestor')));
	}
	const result = await download(call);
	const { jobPolls } = state.settings;
	if (jobPolls === 0 && result['.tag'] === 'complete') return result;
	const job = state.jobs.launch(saveUrlJob, view.account.accountId, jobPolls, result);
	return tag('async_job_id', { async_job_id: job.id });
}

async function download(call: Call<SaveUrlArgument>): Promise<Tagged> {
	const { argument, state, view } = call;
	let bytes: Buffer;
	try {
		if (!state.settings.fetchUrl) throw new Error('nothing can be fetched');
		bytes = await state.settings.fetchUrl(argument.url);
	} catch {
		return nested('failed', tag('download_failed'));
	}
	const content = storedContent(bytes, state.settings.keepBytesUpTo);
	// Dropbox gives the file another name rather than report a conflict.
	const info = {
		path: argument.path,
		mode: tag('add'),
		autorename: true,
		mute: false,
		strict_conflict: false,
	};
	const outcome = commit(commitParts(call), view, info, content);
	if (outcome.kind === 'stored') return { '.tag': 'complete', ...outcome.metadata };
	const writeError =
		outcome.kind === 'refused' ? outcome.writeError : tag('too_many_write_operations');
	return nested('failed', nested('path', writeError));
}
