import { beside } from '../net';
import type { Asking } from './asking';
import { firstAsking, nextAsking } from './asking';
import type { Room } from './memoryLimit';
import type { PartSlot } from './partSlot';
import type { HashedPart } from './partTarget';

/** A part that has been read, and what it holds until it is sent. */
export interface PartToSend {
	readonly part: HashedPart;
	/** Given back when it is sent. */
	readonly slot: PartSlot;
	/** Of everything up to its end. */
	readonly prefixHash: string;
}

interface WindowEvents {
	/** False when the file has failed, or is about to be read again: what is held is given up then. */
	readonly goesOn: () => boolean;
	/** False when nothing is to be asked, or not any more. */
	readonly mayAsk: () => boolean;
	/** Offsets of the parts that the vendor has. */
	readonly ask: (parts: readonly HashedPart[]) => Promise<ReadonlySet<number>>;
	/** Resolves when it is on its way. */
	readonly send: (part: PartToSend) => Promise<void>;
	readonly isThere: (part: PartToSend) => void;
	readonly onThrow: (error: unknown) => void;
}

/**
 * Parts on their way from the reader to the vendor: some are held until the vendor has said which of them it has. One
 * question is open at a time, and the parts of the next one are read meanwhile.
 */
export class PartWindow {
	private asking: Asking;
	private sendLeft = 0;
	private held: PartToSend[] = [];
	private answer: Promise<void> | undefined;

	constructor(
		private readonly mostParts: number,
		private readonly events: WindowEvents,
	) {
		this.asking = firstAsking(mostParts);
	}

	/** Resolves when the next part may be read. */
	async add(part: PartToSend): Promise<void> {
		this.held.push(part);
		if (this.answer !== undefined && this.held.length < this.mostParts) {
			return await this.sendUnasked();
		}
		await this.answer;
		await this.sendUnasked();
		if (this.held.length >= this.asking.askParts && this.events.goesOn()) this.startQuestion();
	}

	/**
	 * The room for the next part. Where others hold the memory and nothing of this file is under way, what is held is
	 * asked about at once: two files that wait with half a window each would wait for each other for ever.
	 */
	async roomFor(
		reserve: () => Promise<Room>,
		hasRoom: boolean,
		sent: () => Promise<unknown>,
	): Promise<Room> {
		const reserved = reserve();
		if (!hasRoom && this.held.length > 0) {
			const idle = async (): Promise<undefined> => {
				await this.answer;
				await sent();
				return undefined;
			};
			if ((await Promise.race([reserved, idle()])) === undefined) await this.flush();
		}
		return await reserved;
	}

	/** Nothing more comes: what is held is asked about and sent. */
	async end(): Promise<void> {
		await this.flush();
		await this.drop();
	}

	/** Gives up what is held. */
	async drop(): Promise<void> {
		await this.answer;
		this.giveUp();
	}

	private async flush(): Promise<void> {
		await this.answer;
		await this.sendUnasked();
		if (!this.events.goesOn()) this.giveUp();
		else if (this.held.length > 0) this.startQuestion();
	}

	private giveUp(): void {
		for (const { slot } of this.held.splice(0)) slot.drop();
	}

	private async sendUnasked(): Promise<void> {
		const { goesOn, mayAsk } = this.events;
		while (this.held.length > 0 && goesOn() && (this.sendLeft > 0 || !mayAsk())) {
			this.sendLeft -= 1;
			const [next] = this.held.splice(0, 1);
			if (next !== undefined) await this.events.send(next);
		}
	}

	private startQuestion(): void {
		const parts = this.held.splice(0);
		this.sendLeft = this.asking.sendFirst;
		this.answer = beside(
			async () => await this.question(parts),
			(error) => this.events.onThrow(error),
		).finally(() => (this.answer = undefined));
	}

	private async question(parts: readonly PartToSend[]): Promise<void> {
		const { ask, goesOn, isThere, onThrow, send } = this.events;
		let there: ReadonlySet<number> = new Set();
		await beside(async () => {
			there = await ask(parts.map(({ part }) => part));
		}, onThrow);
		const wentOn = this.asking.sendFirst > 0;
		this.asking = nextAsking(this.asking, parts.length, there.size, this.mostParts);
		if (there.size > 0 || !wentOn) this.sendLeft = this.asking.sendFirst;
		for (const part of parts) {
			if (there.has(part.part.offset)) isThere(part);
			else if (goesOn()) await send(part);
			else part.slot.drop();
		}
		await this.sendUnasked();
	}
}
