import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import type { BinarySource } from '../../shared/source/binarySource';
import { optionalBinarySource } from '../../shared/source/binarySource';
import { binaryField } from '../../shared/fields/optionsCollection';
import { InputProblem } from '../../shared/fields/inputProblem';
import { MAX_REQUEST_BYTES } from '../api/sessions';

export const optionalBinaryField: INodeProperties = {
	...binaryField,
	required: false,
	default: '',
	hint: 'The name of the input field containing the bytes to send along, up to 150 MiB',
	description: 'Leave empty to send no bytes with this call',
};

/** The file to send along in one request, if the item is to send one; throws InputProblem. */
export async function readOptionalBinary(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<BinarySource | undefined> {
	const source = await optionalBinarySource(context, itemIndex);
	if (source !== undefined && source.sizeBytes > MAX_REQUEST_BYTES) {
		throw new InputProblem(
			'binaryPropertyName',
			'The file is too large for one request to Dropbox',
			`Send it with 'Append to Session', which accepts any size. The file has ${source.sizeBytes} bytes, and one request takes 150 MiB.`,
		);
	}
	return source;
}
