import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	INodeParameters,
	INodeProperties,
	INodePropertyOptions,
	NodeParameterValueType,
} from 'n8n-workflow';

type Values = Record<string, NodeParameterValueType>;

/**
 * Contexts for one operation that note which parameters are read: one with nothing set, and one for
 * each choice, as some parameters count only beside others. Nothing can be sent from any of them.
 */
export function watchedContext(properties: readonly INodeProperties[], always: Values) {
	const reads = new Set<string>();
	const plain: Values = { ...always };
	for (const property of properties) plain[property.name] = sampleOf(property);
	const settings = [plain, ...properties.flatMap((property) => variantsOf(property, plain))];
	return { reads, contexts: settings.map((values) => contextOf(values, reads)) };
}

function variantsOf(property: INodeProperties, plain: Values): Values[] {
	if (property.type !== 'collection') {
		return choicesOf(property).map((value) => ({ ...plain, [property.name]: value }));
	}
	const fields = (property.options ?? []) as INodeProperties[];
	return fields.flatMap((field) => {
		const conditions = Object.entries(conditionsOf(field));
		// `/source` is a parameter of the node, `mode` one beside the field.
		const ofNode = conditions.filter(([name]) => name.startsWith('/'));
		const beside = conditions.filter(([name]) => !name.startsWith('/'));
		return choicesOf(field).map((value) => ({
			...plain,
			...(Object.fromEntries(ofNode.map(([name, one]) => [name.slice(1), one])) as Values),
			[property.name]: { ...Object.fromEntries(beside), [field.name]: value } as INodeParameters,
		}));
	});
}

function conditionsOf({ displayOptions }: INodeProperties): IDataObject {
	const conditions = Object.entries(displayOptions?.show ?? {});
	return Object.fromEntries(conditions.map(([name, values]) => [name, values?.[0] as string]));
}

function choicesOf(property: INodeProperties): NodeParameterValueType[] {
	if (property.type === 'boolean') return [true, false];
	if (property.type !== 'options') return [sampleOf(property)];
	return (property.options as INodePropertyOptions[]).map(({ value }) => value);
}

/** A value that passes the checks of most parameters, so that those after it are read too. */
function sampleOf({ name, type, default: fallback }: INodeProperties): NodeParameterValueType {
	if (type === 'collection') return {};
	if (type === 'json') return '[]';
	if (['path', 'file', 'folder', 'dropboxFile', 'dropboxFolder'].includes(name)) return '/1.txt';
	if (type === 'resourceLocator') return '1';
	if (name === 'binaryPropertyName') return 'data';
	if (name === 'url') return 'http://127.0.0.1/1.txt';
	if (type === 'string' || (type === 'number' && typeof fallback !== 'number')) return '1';
	return fallback;
}

function contextOf(values: Values, reads: Set<string>): IExecuteFunctions {
	const item: INodeExecutionData = {
		json: {},
		binary: { data: { data: 'YQ==', mimeType: 'text/plain', fileName: 'a.txt' } },
	};
	const credentials = { dropboxUploadSourceOAuth2Api: {}, boxUploadSourceOAuth2Api: {} };
	const known = {
		getNodeParameter: (name: string) => {
			reads.add(name);
			const value = values[name];
			return typeof value === 'object' && value !== null ? watched(name, value, reads) : value;
		},
		getInputData: () => [item],
		getNode: () => ({ id: '1', name: 'Node', type: 'node', credentials }),
		getExecutionId: () => '1',
		getWorkflowDataProxy: () => ({ $runIndex: 0 }),
		getCredentials: () => Promise.resolve({ accessType: 'full' }),
		getExecutionCancelSignal: () => undefined,
		continueOnFail: () => true,
		sendMessageToUI: () => {},
		addExecutionHints: () => {},
		logger: { debug: () => {}, info: () => {}, warn: () => {} },
		helpers: {
			httpRequest: () => Promise.reject(new Error('Not sent')),
			httpRequestWithAuthentication: () => Promise.reject(new Error('Not sent')),
		},
	};
	return new Proxy(known, {
		get: (target, name) => {
			if (name in target) return target[name as keyof typeof known];
			throw new Error(`The watched context has no ${String(name)}`);
		},
	}) as unknown as IExecuteFunctions;
}

function watched(collection: string, values: object, reads: Set<string>): object {
	return new Proxy(values, {
		get: (target, name) => {
			if (typeof name === 'string') reads.add(`${collection}.${name}`);
			return Reflect.get(target, name) as unknown;
		},
	});
}
