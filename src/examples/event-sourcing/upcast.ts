import { NewerSchemaError } from './contract.ts';
import type { StoredEvent, Upcast } from './contract.ts';

export type Upcasts = Readonly<Record<string, readonly Upcast[]>>;

// #region upcast
/** The shape in which a type of event is written today. A field more does not make a new one. */
export function schemaOf(type: string, upcasts: Upcasts): number {
  return stepsOf(type, upcasts).length + 1;
}

/**
 * Data of an event in today's shape. What is stored stays as it is.
 * @throws NewerSchemaError during a release, when this instance is older than the event
 */
export function upcast({ type, schema, data }: StoredEvent, upcasts: Upcasts): unknown {
  const known = schemaOf(type, upcasts);
  if (schema > known) {
    throw new NewerSchemaError(`Cannot read '${type}' as it has schema ${schema}: this code knows up to ${known}`);
  }
  return stepsOf(type, upcasts)
    .slice(schema - 1)
    .reduce((older: unknown, step) => step(older as never), data);
}
// #endregion upcast

function stepsOf(type: string, upcasts: Upcasts): readonly Upcast[] {
  return Object.hasOwn(upcasts, type) ? upcasts[type]! : [];
}
