/**
 * `GET /users`, which the other table lacks, in its form: https://developer.box.com/reference/get-users/ (openapi.json
 * of github.com/box/box-openapi, version 2024.0), the parameters and fields that this cloud serves.
 */
const text = { type: 'string' };
const whole = { type: 'integer', format: 'int64' };
const inQuery = (name: string, schema: unknown, more = {}) => ({
	name,
	in: 'query',
	schema,
	...more,
});

export const usersPath = {
	'/users': {
		get: {
			operationId: 'get_users',
			parameters: [
				inQuery('filter_term', text),
				inQuery('user_type', { type: 'string', enum: ['all', 'managed', 'external'] }),
				inQuery('fields', { type: 'array', items: text }, { explode: false }),
				inQuery('offset', { type: 'integer', format: 'int64', maximum: 10_000 }),
				inQuery('limit', { type: 'integer', format: 'int64', maximum: 1_000 }),
			],
			responses: {
				200: {
					content: {
						'application/json': {
							schema: {
								type: 'object',
								required: ['entries', 'total_count'],
								additionalProperties: false,
								properties: {
									total_count: whole,
									limit: whole,
									offset: whole,
									entries: {
										type: 'array',
										items: {
											type: 'object',
											required: ['type', 'id'],
											additionalProperties: false,
											properties: { type: { enum: ['user'] }, id: text, name: text, login: text },
										},
									},
								},
							},
						},
					},
				},
				default: {
					content: {
						'application/json': { schema: { $ref: 'box#/components/schemas/ClientError' } },
					},
				},
			},
		},
	},
};
