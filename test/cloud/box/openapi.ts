import table from '../../tables/box.json';
import { usersPath } from './usersTable';

/** The part of OpenAPI that Box's file uses. */
export interface Parameter {
	readonly name: string;
	readonly in: string;
	readonly required?: boolean;
	readonly schema: unknown;
	readonly explode?: boolean;
}

interface Body {
	readonly content?: Readonly<Record<string, { readonly schema: unknown }>>;
}

export interface Operation {
	readonly operationId: string;
	readonly servers?: ReadonlyArray<{ readonly url: string }>;
	readonly parameters?: readonly Parameter[];
	readonly requestBody?: Body;
	readonly responses: Readonly<Record<string, Body>>;
}

export interface ApiTable {
	readonly source: string;
	readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

export const apiTable = {
	...table,
	paths: { ...table.paths, ...usersPath },
} as unknown as ApiTable;
