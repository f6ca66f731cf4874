import { randomNumbers } from '../core/random';

/** Other clients hold the account's write lock now and then: `too_many_write_operations`. */
export class Contention {
	/** As `path/too_many_write_operations` instead of `too_many_write_operations`. */
	reportedAsPath = false;
	private nextEntries = 0;
	private probability = 0;
	private random = randomNumbers(1);
	private struck = 0;

	/** The next so many files that would be committed are turned away. */
	failNext(entries: number): void {
		this.nextEntries = entries;
	}

	/** Each file is turned away with this probability; the same seed gives the same order. */
	failRandomly(probability: number, seed = 1): void {
		this.probability = probability;
		this.random = randomNumbers(seed);
	}

	clear(): void {
		this.nextEntries = 0;
		this.probability = 0;
	}

	/** How often it has struck so far. */
	get count(): number {
		return this.struck;
	}

	strikes(): boolean {
		const strikes = this.nextEntries > 0 || this.random() < this.probability;
		if (this.nextEntries > 0) this.nextEntries -= 1;
		if (strikes) this.struck += 1;
		return strikes;
	}
}
