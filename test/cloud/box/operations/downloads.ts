import type { CloudReply } from '../../core/contract';
import type { Call, Handler } from '../call';
import { pathId, renderItem, textOf } from '../call';
import { BoxFailure, notFound } from '../errors';
import type { FileVersion } from '../items';
import { currentVersion } from '../items';

/** https://developer.box.com/guides/downloads/file/ */
export const downloadHost = 'dl.boxcloud.com';

/** An address that is good for 15 minutes, or 202 where the content is not ready yet. */
export const getContent: Handler = (call): CloudReply => {
	const { settings, downloads } = call.state;
	const file = call.state.fileFor(call.userId, pathId(call), call.headers.boxapi);
	if (file.refusal !== undefined) {
		throw new BoxFailure(file.refusal.status, file.refusal.code, 'Access denied');
	}
	const wanted = textOf(call.query.version);
	const version = wanted === undefined ? currentVersion(file) : file.versions.find(isVersion);
	function isVersion({ id }: FileVersion): boolean {
		return id === wanted;
	}
	if (!version) throw notFound();
	if (settings.content202 > 0) {
		settings.content202 -= 1;
		return { status: 202, headers: { 'retry-after': String(settings.retryAfterSec) } };
	}
	const content = version.content ?? version.generated;
	if (content === undefined) throw new Error(`The bytes of ${file.name} are not kept`);
	const token = downloads.issue({ name: file.name, content }, settings.downloadUrlMs);
	return { status: 302, headers: { location: `https://${downloadHost}/d/1/${token}/download` } };
};

/** https://developer.box.com/reference/get-shared-items/ */
export const getSharedItem: Handler = (call: Call) => {
	const item = call.state.items.shared(call.headers.boxapi);
	if (!item) throw notFound();
	return { status: 200, json: renderItem(call, item) };
};
