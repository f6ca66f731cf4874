import { randomNumbers } from '../../cloud/core/random';

/** Choices that are the same for the same seed, on every machine. */
export class Random {
	private readonly next: () => number;

	constructor(seed: number) {
		this.next = randomNumbers(seed);
		// Seeds that are neighbours begin alike; a few numbers later they do not.
		for (let warmUp = 0; warmUp < 8; warmUp++) this.next();
	}

	/** From 0 up to 1. */
	share(): number {
		return this.next();
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}

	/** Both ends included. */
	whole(min: number, max: number): number {
		return min + Math.floor(this.next() * (max - min + 1));
	}

	pick<T>(list: readonly T[]): T {
		return list[this.whole(0, list.length - 1)] as T;
	}

	weighted<T extends { readonly weight: number }>(list: readonly T[]): T {
		let at = this.next() * list.reduce((sum, { weight }) => sum + weight, 0);
		return list.find(({ weight }) => (at -= weight) < 0) ?? (list.at(-1) as T);
	}

	/** More of the small numbers than of the large ones, as file sizes are. */
	skewed(min: number, max: number): number {
		return Math.floor(min * (max / min) ** this.next());
	}
}
