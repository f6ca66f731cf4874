/** What the command says before it asks whether to begin. */
import type { Vendor } from '../cloud/core/contract';
import type { UploadPlan } from './uploads';

const MIB = 1024 * 1024;

/** Of the probes alone; Box decides how large its parts are: 8 MiB as usual, 64 MiB at most. */
const PROBE_MIB: Readonly<Record<Vendor, string>> = { dropbox: '29', box: '75 to 300' };

export function announcement(
	vendor: Vendor,
	folder: string,
	{ largeBytes, small }: UploadPlan,
): string {
	const name = vendor === 'dropbox' ? 'Dropbox' : 'Box';
	const nodesMib = Math.ceil((2 * largeBytes) / MIB);
	return [
		`This checks what the nodes take for granted about ${name}, against your account:`,
		`  - It makes one folder, "${folder}", and works in that folder alone.`,
		`  - It makes raw calls (about ${PROBE_MIB[vendor]} MiB are sent),`,
		`    and uploads ${small + 2} files with the nodes (at most ${nodesMib} MiB).`,
		'  - It removes the folder, and lists what it could not remove. Ctrl+C does the same.',
		`  - It writes docs/live.md and docs/live/${vendor}.json: verdicts, statuses, codes and request`,
		'    IDs, and nothing about your account.',
		'',
	].join('\n');
}
