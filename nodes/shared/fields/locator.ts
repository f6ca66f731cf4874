import { isObject } from '../json';

/** What was chosen or entered in a resource locator of a collection; a plain value stands for itself. */
export function located(value: unknown): unknown {
	const isLocator = isObject(value) && 'value' in value && ('__rl' in value || 'mode' in value);
	return isLocator ? value.value : value;
}
