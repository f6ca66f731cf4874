import { isCount, isObject, isString } from '../../shared/json';
import type { Files, PartsPage, UploadPart, UploadSession } from './types';

/** Each takes what a reply held and gives it typed, or `undefined` when it is something else. */
export type Shape<T> = (value: unknown) => T | undefined;

export const nothing: Shape<null> = () => null;

export const uploadSession: Shape<UploadSession> = (value) => {
	if (
		!isObject(value) ||
		!isString(value.id) ||
		!isCount(value.part_size) ||
		value.part_size === 0
	) {
		return undefined;
	}
	const endpoints = value.session_endpoints;
	const complete =
		isObject(endpoints) &&
		[endpoints.upload_part, endpoints.commit, endpoints.abort, endpoints.list_parts].every(
			isString,
		);
	return complete ? (value as UploadSession) : undefined;
};

export function isUploadPart(value: unknown): value is UploadPart {
	return (
		isObject(value) &&
		isString(value.part_id) &&
		isCount(value.offset) &&
		isCount(value.size) &&
		(value.sha1 === undefined || value.sha1 === null || isString(value.sha1))
	);
}

export const uploadedPart: Shape<UploadPart> = (value) =>
	isObject(value) && isUploadPart(value.part) ? value.part : undefined;

export const partsPage: Shape<PartsPage> = (value) =>
	isObject(value) &&
	Array.isArray(value.entries) &&
	value.entries.every(isUploadPart) &&
	isCount(value.total_count)
		? { entries: value.entries, total_count: value.total_count }
		: undefined;

export const files: Shape<Files> = (value) =>
	isObject(value) &&
	Array.isArray(value.entries) &&
	value.entries.length > 0 &&
	value.entries.every(isObject)
		? (value as Files)
		: undefined;
