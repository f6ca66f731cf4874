import type { JsonObject } from '../../shared/json';
import { isCount, isObject, isString } from '../../shared/json';
import type {
	Files,
	ItemsPage,
	PartsPage,
	PlanHit,
	SearchPage,
	StoredItem,
	UploadPart,
	UploadUrl,
} from './types';

/** Each takes what a reply held and gives it typed, or `undefined` when it is something else. */
export type Shape<T> = (value: unknown) => T | undefined;

export const nothing: Shape<null> = () => null;

/** Of the rest nothing is taken on trust before `usableSession` has looked at it. */
export const namedSession: Shape<JsonObject & { readonly id: string }> = (value) =>
	isObject(value) && isString(value.id) && value.id !== '' ? { ...value, id: value.id } : undefined;

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

function isPlanHit(value: unknown): value is PlanHit {
	return isObject(value) && isUploadPart(value) && 'sha512' in value && isString(value.sha512);
}

/** What Box has not is what it does not name. */
export const planHits: Shape<readonly PlanHit[]> = (value) =>
	isObject(value) && Array.isArray(value.hits) && value.hits.every(isPlanHit)
		? value.hits
		: undefined;

export const files: Shape<Files> = (value) =>
	isObject(value) &&
	Array.isArray(value.entries) &&
	value.entries.length > 0 &&
	value.entries.every(isObject)
		? { ...value, entries: value.entries }
		: undefined;

export const storedItem: Shape<StoredItem> = (value) => {
	if (!isObject(value) || !isString(value.type) || !isString(value.id)) return undefined;
	const item = withoutEmpty(value, ['name', 'sha1', 'size']);
	return isStoredItem(item) ? item : undefined;
};

function isStoredItem(item: JsonObject): item is StoredItem {
	const { name, sha1, size } = item;
	return (
		(name === undefined || isString(name)) &&
		(sha1 === undefined || isString(sha1)) &&
		(size === undefined || isCount(size))
	);
}

/** Box writes null for a field that was asked for and that the item has not. */
function withoutEmpty(item: object, names: readonly string[]): Record<string, unknown> {
	const isEmpty = ([name, value]: [string, unknown]) => value === null && names.includes(name);
	return Object.fromEntries(Object.entries(item).filter((field) => !isEmpty(field)));
}

export const itemsPage: Shape<ItemsPage> = (value) => {
	if (!isObject(value) || !Array.isArray(value.entries)) return undefined;
	const { next_marker: marker } = value;
	const entries = value.entries.map(storedItem);
	const fits = marker === undefined || marker === null || isString(marker);
	if (!fits || !entries.every((entry) => entry !== undefined)) return undefined;
	return { entries, next_marker: marker };
};

export const searchPage: Shape<SearchPage> = (value) => {
	const page = itemsPage(value);
	if (page === undefined || !isObject(value) || !isCount(value.total_count)) return undefined;
	return { entries: page.entries, total_count: value.total_count };
};

export const uploadUrl: Shape<UploadUrl> = (value) =>
	isObject(value) && (value.upload_url === undefined || isString(value.upload_url))
		? { upload_url: value.upload_url }
		: undefined;
