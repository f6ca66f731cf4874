const GUARDED = { Object, Array, String, Number, Boolean, Function, Date, Promise, Buffer, Error };

/** Notices what foreign keys such as `__proto__` have done to the process. */
export class PrototypeGuard {
	private readonly before = snapshot();

	/** Names such as `Object.prototype.polluted`. */
	changes(): string[] {
		const now = snapshot();
		const names = new Set([...this.before.keys(), ...now.keys()]);
		return [...names].filter((name) => this.before.get(name) !== now.get(name));
	}
}

function snapshot(): Map<string, unknown> {
	const values = new Map<string, unknown>();
	for (const [type, guarded] of Object.entries(GUARDED)) {
		const prototype = guarded.prototype as object;
		for (const key of Reflect.ownKeys(prototype)) {
			const { get, value } = Object.getOwnPropertyDescriptor(prototype, key) as {
				get?: unknown;
				value?: unknown;
			};
			values.set(`${type}.prototype.${String(key)}`, get ?? value);
		}
	}
	return values;
}
