import type { Failure, Outcome } from '../../failure';
import { failed } from '../../failure';
import type { Download } from '../../http/download';
import { hostOf } from '../../http/outageBudget';
import type { Downloader } from '../url/request';
import { ask } from '../url/request';
import type { ContentReader } from './cloudFile';
import { asSource, cloudFailure } from './failures';

/** What a server may answer for an address that was good before. */
const EXPIRED_STATUSES = new Set<number | undefined>([400, 401, 403, 404, 410]);

/** Content behind an address that is good for a while and needs no sign-in; another one is asked for when it has expired. */
export class LinkedContent implements ContentReader {
	private url: string | undefined;

	constructor(
		private readonly downloader: Downloader,
		private readonly place: string,
		/** Asks for an address of this very version of the file. */
		private readonly newUrl: () => Promise<Outcome<string>>,
	) {}

	get host(): string {
		return hostOf(this.url ?? 'https://unknown.invalid');
	}

	async from(offset: number): Promise<Outcome<Download>> {
		const known = this.url;
		if (known !== undefined) {
			const answer = await this.ask(known, offset);
			if (answer.ok || !EXPIRED_STATUSES.has(answer.failure.status)) return answer;
			this.downloader.retried('source/link_expired');
		}
		const renewed = await this.newUrl();
		if (!renewed.ok) return failed(asSource(renewed.failure, this.place));
		this.url = renewed.value;
		return await this.ask(renewed.value, offset);
	}

	/** The address is a secret, so no failure names it. */
	private async ask(url: string, offset: number): Promise<Outcome<Download>> {
		const answer = await ask(this.downloader, url, rangeFrom(offset));
		return answer.ok ? answer : failed(this.told(answer.failure));
	}

	private told(failure: Failure): Failure {
		const { status } = failure;
		const { place } = this;
		const isRefused = status !== undefined && status >= 400 && status < 500 && !isPassing(status);
		return isRefused
			? cloudFailure(this.downloader.vendor, 'refused', place, { status })
			: { ...failure, subject: place };
	}
}

function isPassing(status: number): boolean {
	return status === 408 || status === 429;
}

/** Asks for the rest of a file; for all of it at its beginning. */
export function rangeFrom(offset: number): Readonly<Record<string, string>> | undefined {
	return offset > 0 ? { Range: `bytes=${offset}-` } : undefined;
}
