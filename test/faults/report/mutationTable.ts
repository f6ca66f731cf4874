/** Who notices what. */
import type { Finding } from '../mutations/check';
import { table } from '../../support/page';

const MOST_CHARACTERS = 110;

export function mutationTable(findings: readonly Finding[]): string {
	const caught = findings.filter(({ caughtBy }) => caughtBy !== undefined).length;
	return [
		`- ${caught} of ${findings.length} noticed`,
		'',
		table(
			['Without …', '', 'Seed or test', 'What it says'],
			findings.map(({ mutation, caughtBy }) => [
				mutation.name,
				mutation.vendor ?? 'both',
				caughtBy === undefined ? '**none**' : caughtBy.who,
				shortened(caughtBy?.violation ?? ''),
			]),
		).replace('| ---: | ---: | ---: |', '| --- | ---: | --- |'),
	].join('\n');
}

function shortened(text: string): string {
	const plain = text.replaceAll('|', '/').replace(/\s+/g, ' ');
	return plain.length > MOST_CHARACTERS ? `${plain.slice(0, MOST_CHARACTERS)}…` : plain;
}
