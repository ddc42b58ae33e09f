import { buildSchema, type GraphQLResolveInfo, Kind, parse } from 'graphql';
import { expect, test } from 'vitest';
import { CompiledOperations, type ValidOperation } from '#graphql/execution/compiled-operations.ts';

const infos: GraphQLResolveInfo[] = [];
const schema = buildSchema(
  'type Query { thing(id: ID): Thing } type Thing { a: String b: String things: [Thing] }',
);
const thing = schema.getQueryType()?.getFields().thing;
if (thing !== undefined) {
  thing.resolve = (_root, _arguments, _context, info) => {
    infos.push(info);
    return { a: 'A', b: 'B', things: [] };
  };
}

function operationIn(query: string, name?: string): ValidOperation {
  const document = parse(query);
  const operation = document.definitions.find(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      (name === undefined || definition.name?.value === name),
  );
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`There is no operation ${name}`);
  return { text: query, name, document, operation };
}

/** What compiled code answers at once; undefined where the operation is left to graphql-js. */
function run(operations: CompiledOperations, valid: ValidOperation, variables: Record<string, unknown> = {}) {
  return operations.find(valid, variables)?.query(undefined, {}, variables);
}

test('an operation is compiled when it comes for the second time', () => {
  const operations = new CompiledOperations(schema);
  const operation = operationIn('{ thing { a } }');
  expect(run(operations, operation)).toBeUndefined();
  expect(run(operations, operation)).toEqual({ data: { thing: { a: 'A' } } });
  expect(operations.find(operation, {})).toBe(operations.find(operation, {}));
});

test('each operation of a document is one of its own', () => {
  const operations = new CompiledOperations(schema);
  const text = 'query A { thing { a } } query B { thing { b } }';
  for (const expected of [undefined, 'compiled']) {
    const [a, b] = ['A', 'B'].map((name) => run(operations, operationIn(text, name)));
    expect(a).toEqual(expected && { data: { thing: { a: 'A' } } });
    expect(b).toEqual(expected && { data: { thing: { b: 'B' } } });
  }
});

test('each combination of conditions is an operation of its own', () => {
  const operations = new CompiledOperations(schema);
  const operation = operationIn(
    'query ($a: Boolean!, $b: Boolean = true) { thing { a @include(if: $a) b @skip(if: $b) } }',
  );
  for (const expected of [undefined, 'compiled']) {
    expect(run(operations, operation, { a: true })).toEqual(expected && { data: { thing: { a: 'A' } } });
    expect(run(operations, operation, { a: false, b: false })).toEqual(
      expected && { data: { thing: { b: 'B' } } },
    );
  }
  expect(run(operations, operation, { a: true, b: true })).toEqual({ data: { thing: { a: 'A' } } });
  expect(run(operations, operation, { a: true, b: false })).toBeUndefined();
});

test.each([
  ['has no value', {}],
  ['is null', { a: null }],
  ['is a string', { a: 'true' }],
  ['is what every object has', JSON.parse('{ "__proto__": { "a": 1 } }')],
])('a condition that %s is left to graphql-js', (_what, variables) => {
  const operations = new CompiledOperations(schema);
  const operation = operationIn('query ($a: Boolean!) { thing { a @include(if: $a) } }');
  for (let time = 0; time < 3; time++) expect(operations.find(operation, variables)).toBeUndefined();
});

test('an operation of many conditions is left to graphql-js: it would be compiled too often', () => {
  const operations = new CompiledOperations(schema);
  const names = Array.from({ length: 9 }, (_, index) => `c${index}`);
  const operation = operationIn(
    `query (${names.map((name) => `$${name}: Boolean!`)}) { thing { ${names.map((name) => `${name}: a @skip(if: $${name})`)} } }`,
  );
  const variables = Object.fromEntries(names.map((name) => [name, true]));
  for (let time = 0; time < 3; time++) expect(operations.find(operation, variables)).toBeUndefined();
});

test('resolvers get the same nodes each time, so that what these cost is worked out once', () => {
  const operations = new CompiledOperations(schema);
  const operation = operationIn('query ($id: ID) { thing(id: $id) { a } }');
  run(operations, operation);
  infos.length = 0;
  for (const id of ['1', '2', '3']) run(operations, operation, { id });
  expect(infos).toHaveLength(3);
  expect(new Set(infos.map(({ fieldNodes }) => fieldNodes)).size).toBe(1);
});

test('what was not used for longest is forgotten once all together is too large', () => {
  const operations = new CompiledOperations(schema);
  const large = (name: string) =>
    operationIn(
      `query ${name} { thing { ${'things { ...F } '.repeat(50)} } } fragment F on Thing { ${fields} }`,
    );
  const fields = Array.from({ length: 40 }, (_, index) => `f${index}: a`).join(' ');
  const first = large('first');
  run(operations, first);
  expect(run(operations, first)).toBeDefined();
  for (let index = 0; index < 20; index++) {
    const operation = large(`other${index}`);
    run(operations, operation);
    expect(run(operations, operation)).toBeDefined();
  }
  expect(run(operations, first)).toBeUndefined();
  expect(run(operations, large('other19'))).toBeDefined();
});

test('what is compiled is found again by the text and the name alone, and nothing else is', () => {
  const operations = new CompiledOperations(schema);
  const text = 'query A($a: Boolean = true) { thing { a @include(if: $a) } } query B { thing { b } }';
  const known = { text, name: 'A' };
  run(operations, operationIn(text, 'A'));
  expect(operations.findAgain(known, {})).toBeUndefined();
  const compiled = operations.find(operationIn(text, 'A'), {});
  expect(compiled).toBeDefined();
  expect(operations.findAgain(known, {})).toBe(compiled);
  expect(operations.findAgain(known, { a: false })).toBeUndefined();
  expect(operations.findAgain({ text, name: 'B' }, {})).toBeUndefined();
  expect(operations.findAgain({ text, name: undefined }, {})).toBeUndefined();
  expect(operations.findAgain({ text: `${text} `, name: 'A' }, {})).toBeUndefined();
});

test('asking for it again does not count as coming again', () => {
  const operations = new CompiledOperations(schema);
  const operation = operationIn('{ thing { a } }');
  operations.findAgain(operation, {});
  operations.findAgain(operation, {});
  expect(operations.find(operation, {})).toBeUndefined();
});
