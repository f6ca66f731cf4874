import type { Handler } from '../call';
import { getContent, getSharedItem } from './downloads';
import {
	createFolder,
	deleteFolder,
	getFile,
	getFolder,
	getMe,
	listItems,
	updateFile,
} from './items';
import { search } from './search';
import {
	abortSession,
	commitSession,
	createSession,
	createVersionSession,
	getSession,
	listParts,
	planSession,
	uploadPart,
} from './sessions';
import { listUsers } from './users';
import { preflight, uploadFile, uploadVersion } from './uploads';

/** One row for every operation of the OpenAPI table, by the name of its route. */
export const handlers: Readonly<Record<string, Handler>> = {
	'POST /files/upload_sessions': createSession,
	'POST /files/:id/upload_sessions': createVersionSession,
	'GET /files/upload_sessions/:id': getSession,
	'PUT /files/upload_sessions/:id': uploadPart,
	'DELETE /files/upload_sessions/:id': abortSession,
	'GET /files/upload_sessions/:id/parts': listParts,
	'POST /files/upload_sessions/:id/plan': planSession,
	'POST /files/upload_sessions/:id/commit': commitSession,
	'POST /files/content': uploadFile,
	'POST /files/:id/content': uploadVersion,
	'OPTIONS /files/content': preflight,
	'GET /users': listUsers,
	'GET /files/:id/content': getContent,
	'GET /shared_items': getSharedItem,
	'GET /users/me': getMe,
	'GET /files/:id': getFile,
	'PUT /files/:id': updateFile,
	'POST /folders': createFolder,
	'GET /folders/:id': getFolder,
	'DELETE /folders/:id': deleteFolder,
	'GET /folders/:id/items': listItems,
	'GET /search': search,
};
