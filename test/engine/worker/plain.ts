const MAX_INLINE_BASE64 = 16 * 1024;

/**
 * A copy that JSON can carry, by JSON.stringify's own rules (toJSON, enumerable fields), since that
 * is how n8n stores an execution: what is in here can be read by everyone who may see it.
 * Bytes become a note of their length; an object that is no plain data is walked once.
 */
export function toPlain<T = never>(value: unknown): T {
	return walk(value, '', new Set(), new Set()) as T;
}

function walk(input: unknown, key: string, ancestors: Set<unknown>, seen: Set<unknown>): unknown {
	const value = hasToJson(input) && !Buffer.isBuffer(input) ? input.toJSON(key) : input;
	if (typeof value === 'bigint') return value.toString();
	if (typeof value === 'function' || typeof value === 'symbol') return undefined;
	if (typeof value !== 'object' || value === null) return value;
	if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
	if (ancestors.has(value) || seen.has(value)) return '[seen]';

	ancestors.add(value);
	const copy = Array.isArray(value)
		? value.map((entry, index) => walk(entry, String(index), ancestors, seen) ?? null)
		: walkFields(value, ancestors, seen);
	ancestors.delete(value);
	return copy;
}

function walkFields(value: object, ancestors: Set<unknown>, seen: Set<unknown>): object {
	const prototype = Object.getPrototypeOf(value) as unknown;
	if (prototype !== null && prototype !== Object.prototype) seen.add(value);
	const copy: Record<string, unknown> = {};
	for (const [name, entry] of Object.entries(value)) {
		const plain = walk(entry, name, ancestors, seen);
		if (plain !== undefined) copy[name] = isBulk(name, plain, value) ? note(plain) : plain;
	}
	return copy;
}

function hasToJson(value: unknown): value is { toJSON(key: string): unknown } {
	return (
		typeof value === 'object' &&
		value !== null &&
		'toJSON' in value &&
		typeof value.toJSON === 'function'
	);
}

function isBulk(name: string, plain: unknown, owner: object): plain is string {
	return (
		name === 'data' &&
		'mimeType' in owner &&
		typeof plain === 'string' &&
		plain.length > MAX_INLINE_BASE64
	);
}

function note(base64: string): string {
	return `[${base64.length} characters of base64]`;
}
