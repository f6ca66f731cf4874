/** The parameters of a node as n8n has them: lists in lists in lists. */
import type { INodeProperties, INodePropertyCollection, INodePropertyOptions } from 'n8n-workflow';

/** Every property and option, however deep. */
export function everyField(properties: readonly INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => [property, ...everyField(fieldsOf(property))]);
}

export function fieldsOf({ type, options = [] }: INodeProperties): INodeProperties[] {
	if (type === 'collection') return options as INodeProperties[];
	if (type === 'fixedCollection') {
		return (options as INodePropertyCollection[]).flatMap(({ values }) => values);
	}
	return [];
}

export function choicesOf({ type, options = [] }: INodeProperties): INodePropertyOptions[] {
	return type === 'options' || type === 'multiOptions' ? (options as INodePropertyOptions[]) : [];
}

/** Every name that a person sees: of parameters, options, choices and operations. */
export function labelsOf(fields: readonly INodeProperties[]): string[] {
	return fields.flatMap((field) => [
		field.displayName,
		...choicesOf(field).map(({ name }) => name),
		...(field.modes ?? []).map(({ displayName }) => displayName),
	]);
}
