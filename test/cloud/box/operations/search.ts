import type { Handler } from '../call';
import { textOf } from '../call';
import { badRequest } from '../errors';
import { foldName } from '../names';
import { pickFields, standardFile, standardFolder } from '../render';

/** Of what Box searches, names only; whoever asks for more is told so. */
export const search: Handler = (call) => {
	const { query, type, content_types: contentTypes, fields } = call.query;
	const wanted = foldName(textOf(query) ?? '');
	if (wanted === '') throw badRequest('query is needed');
	const known = new Set(['query', 'type', 'content_types', 'fields', 'limit', 'offset']);
	const unserved = Object.keys(call.query).filter((name) => !known.has(name));
	if (unserved.length > 0 || String(contentTypes) !== 'name') {
		throw badRequest('Not served by this cloud: a search for anything but names', unserved);
	}
	const offset = Number(call.query.offset ?? 0);
	const limit = Number(call.query.limit ?? 30);
	const found = call.state.items
		.all()
		.filter((item) => item.ownerId === call.userId && foldName(item.name).includes(wanted))
		.filter((item) => type === undefined || item.type === type);
	return {
		status: 200,
		json: {
			type: 'search_results_items',
			total_count: found.length,
			limit,
			offset,
			entries: found
				.slice(offset, offset + limit)
				.map((item) =>
					Array.isArray(fields)
						? pickFields(item, fields.map(String))
						: item.type === 'file'
							? standardFile(item)
							: standardFolder(item),
				),
		},
	};
};
