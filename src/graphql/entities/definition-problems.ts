/** What is wrong with an entity, or with one field of it, and how to mend it. */
export interface Problem {
  readonly field?: string;
  readonly message: string;
}

/** A definition as it may really be, where nobody has checked its types. */
export interface UncheckedDefinition {
  readonly key?: readonly string[];
  readonly path?: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly existence?: string;
  readonly derived?: Readonly<Record<string, unknown>>;
}

/** What is wrong with a definition by itself, whatever the schema says. */
export function* definitionProblems(definition: UncheckedDefinition): Iterable<Problem> {
  const { key = [], path, fields = {}, existence = '', derived = {} } = definition;
  for (const [field, decoder] of Object.entries(fields)) {
    if (!has(decoder, 'decode')) yield { field, message: 'has no decoder: write string(), or another one.' };
  }
  for (const [field, value] of Object.entries(derived)) {
    if (!has(value, 'kind')) {
      yield { field, message: 'is not derived: write link(), withheld() or computed().' };
    }
    if (key.includes(field) || Object.hasOwn(fields, field)) {
      yield { field, message: 'stands in "derived", and in "key" or "fields" too: keep one.' };
    }
  }
  if (path === undefined) {
    if (Object.keys(fields).length > 0)
      yield { message: 'has "fields", but no "path" to read them at: add it.' };
    return;
  }
  if (!PATH.test(path)) {
    yield { message: `has the path "${path}": write it as /things/{thingId}, without a query.` };
  }
  const parameters = Array.from(path.matchAll(/\{(\w*)\}/g), ([, name = '']) => name);
  if (parameters.join() !== key.join()) {
    const names = `"${parameters.join(' ')}" in its path, and the key "${key.join(' ')}"`;
    yield { message: `has ${names}: list the same names in the same order.` };
  }
  if (!Object.hasOwn(fields, existence)) {
    yield {
      message: 'has a path, so "existence" must name one of its "fields": the one that is never empty.',
    };
  }
}

const PATH = /^(?:\/(?:[\w.~-]|\{\w+\})+)+$/;

function has(value: unknown, property: string): boolean {
  return typeof value === 'object' && value !== null && property in value;
}
