/** The fields of frontmatter and of source files, as their authors have to know them: from the schema, so that no list of them can differ from it. */
import { z } from 'zod';
import { guideSchema, patternSchema, problemSchema, sourceSchema } from './schema.ts';

export interface Field {
  name: string;
  isRequired: boolean;
  /** In a writer's words. */
  type: string;
  means: string;
  /** Of each entry, where the field is a list of entries or holds keys. */
  inner: readonly Field[];
}

export const fieldKinds = { pattern: patternSchema, problem: problemSchema, guide: guideSchema, source: sourceSchema } as const;
export type FieldKind = keyof typeof fieldKinds;

/** Of a page that somebody has reviewed; a draft may leave some of them empty. */
export function fieldsOf(kind: FieldKind): Field[] {
  const schema: z.ZodType = fieldKinds[kind];
  const finished = schema instanceof z.ZodUnion ? schema.options[0] as z.ZodType : schema;
  return fieldsIn(z.toJSONSchema(finished, { io: 'input', unrepresentable: 'any' }));
}

type Shape = z.core.JSONSchema.BaseSchema;

function fieldsIn({ properties = {}, required = [] }: Shape): Field[] {
  return Object.entries(properties).map(([name, property]) => {
    const shape = shapeOf(property);
    const { entries } = entriesOf(shape);
    return { name, isRequired: required.includes(name), type: typeOf(shape), means: shape.description ?? '', inner: entries === undefined ? [] : fieldsIn(entries) };
  });
}

/** The object that each entry of a list is, or each value behind a fixed key, or the field itself. */
function entriesOf(shape: Shape): { entries?: Shape } {
  const inner = shape.type === 'array' ? shapeOf(shape.items) : shape.propertyNames !== undefined ? shapeOf(shape.additionalProperties) : shape;
  return inner.properties === undefined ? {} : { entries: inner };
}

function typeOf(shape: Shape): string {
  if (shape.const !== undefined) return `the word ${String(shape.const)}`;
  if (shape.enum !== undefined) return shape.enum.length > 8 ? `one of ${shape.enum.length} fixed words` : `one of ${shape.enum.join(', ')}`;
  // A day may be read as a text or as a date.
  if (shape.anyOf !== undefined) return typeOf(shapeOf(shape.anyOf[0]));
  switch (shape.type) {
    case 'array': return `list${span(shape.minItems, shape.maxItems, ' of')}: ${typeOf(shapeOf(shape.items))}`;
    case 'object': return shape.propertyNames === undefined ? 'keys with values' : `fixed words, each with ${typeOf(shapeOf(shape.additionalProperties))}`;
    case 'integer': case 'number': return `whole number${span(shape.minimum, shape.maximum, '')}`;
    default: return textOf(shape);
  }
}

function textOf({ format, pattern, minLength, maxLength }: Shape): string {
  if (format === 'date') return 'day such as 2026-11-21';
  if (format === 'uri') return 'web address';
  if (pattern?.includes('a-z0-9') === true) return 'slug';
  return `text${maxLength === undefined ? '' : span(minLength, maxLength, ' of')}${maxLength === undefined ? '' : ' letters'}`;
}

function span(least: number | undefined, most: number | undefined, before: string): string {
  const isOpen = most === undefined || most >= Number.MAX_SAFE_INTEGER;
  if (isOpen) return least === undefined || least <= 0 ? '' : `${before} at least ${least}`;
  return least === undefined || least <= Number.MIN_SAFE_INTEGER ? `${before} at most ${most}` : `${before} ${least} to ${most}`;
}

function shapeOf(schema: z.core.JSONSchema._JSONSchema | readonly z.core.JSONSchema._JSONSchema[] | undefined): Shape {
  return typeof schema === 'object' && !Array.isArray(schema) ? schema as Shape : {};
}
