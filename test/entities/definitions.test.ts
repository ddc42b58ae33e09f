import { relative } from 'node:path';
import { expect, test } from 'vitest';
import {
  argument,
  computed,
  defineEntity,
  type Entity,
  each,
  field,
  link,
  withheld,
} from '#graphql/entities/define-entity.ts';
import { createSchema } from '#graphql/schema.ts';
import { StartError } from '#graphql/start-error.ts';
import { dateTime, int32, number, string } from '#upstream/field-decoders.ts';

const FILE = relative('', import.meta.filename);

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key"])
  type Query { book(shopId: ID!, bookId: ID!): Book }
  type Book @key(fields: "shopId bookId") {
    shopId: ID!
    bookId: ID!
    title: String
    pages: Int
    others(bookIds: [ID!]!): [Book]!
    next: Book
    summary: String
    isWithheld(field: BookField!): Boolean!
  }
  enum BookField { title pages }
`;

const query = define({
  type: 'Query',
  key: [],
  derived: { book: link('Book', { shopId: argument('shopId'), bookId: argument('bookId') }) },
});

const first = { shopId: field('shopId'), bookId: computed([], () => '1') };

const good = {
  type: 'Book',
  key: ['shopId', 'bookId'],
  path: '/shops/{shopId}/books/{bookId}',
  fields: { title: string(), pages: int32() },
  existence: 'title',
  derived: {
    others: link('Book', { shopId: field('shopId'), bookId: each('bookIds') }),
    next: link('Book', { shopId: field('shopId'), bookId: field('title') }),
    summary: computed(['title', 'pages'], ({ title, pages }) => `${title}, ${pages} pages`),
    isWithheld: withheld('field'),
  },
};

test('a definition that fits the schema is taken', () => {
  expect(createSchema(SDL, [query, define(good)]).entities.size).toBe(2);
});

const fields = (more: object) => ({ fields: { ...good.fields, ...more } });
const derived = (more: object) => ({ derived: { ...good.derived, ...more } });

test.each([
  ['a path with a query', { path: `${good.path}?all` }, ' has the path "/shops/{shopId}/books/{bookId}?all"'],
  ['a path without its key', { path: '/books/{bookId}' }, ' has "bookId" in its path, and the key "shopId'],
  ['a key in another order', { key: ['bookId', 'shopId'] }, ' has "shopId bookId" in its path, and the key'],
  ['a misspelled path', { path: '/shops/{shop}/books/{bookId}' }, ' has "shop bookId" in its path, and the'],
  ['fields without a path', { path: undefined }, ' has "fields", but no "path" to read them at: add it.'],
  ['no existence', { existence: undefined }, ' has a path, so "existence" must name one of its "fields"'],
  ['a decoder without its parentheses', fields({ title: string }), '.title has no decoder: write string()'],
  ['a link without its parentheses', derived({ next: link }), '.next is not derived: write link()'],
  [
    'a field declared twice',
    derived({ title: withheld('field') }),
    '.title stands in "derived", and in "key"',
  ],
  ['an unknown type', { type: 'Buch' }, ' is no object type of schema/: add it there, or mend the name.'],
  ['an unknown field', fields({ isbn: string() }), '.isbn is no field of schema/: add it there, or remove'],
  [
    'a field left out',
    { fields: { title: string() } },
    '.pages is in schema/ only: declare it under "fields"',
  ],
  [
    'a decoder of another type',
    fields({ pages: number() }),
    '.pages is "Float" by its definition, but "Int" in',
  ],
  [
    'a text as a moment',
    fields({ title: dateTime() }),
    '.title is "DateTime" by its definition, but "String"',
  ],
  [
    'another key than the schema',
    { key: ['bookId'], path: '/books/{bookId}' },
    ' has the key "bookId": write @key(',
  ],
  [
    'a link to no entity',
    derived({ next: link('Shelf', first) }),
    '.next leads to Shelf, which is no entity:',
  ],
  [
    'a link to another type',
    derived({ next: link('Query', {}) }),
    '.next is "Query" by its definition, but "Book" in',
  ],
  [
    'half a key',
    derived({ next: link('Book', { shopId: field('shopId') }) }),
    '.next gives "shopId", but the key of Book is "shopId bookId":',
  ],
  [
    'a link to a list',
    derived({ others: good.derived.next }),
    '.others is "Book" by its definition, but "([bookIds]): [Book]" in',
  ],
  [
    'links to a single one',
    derived({ next: good.derived.others }),
    '.next is "([bookIds]): [Book]" by its definition, but "Book" in schema/',
  ],
  [
    'a key with a part too many',
    derived({ next: link('Book', { ...first, shelfId: field('shopId') }) }),
    '.next gives "shopId bookId shelfId", but the key of Book',
  ],
  [
    'an unknown argument',
    derived({ others: link('Book', { ...first, bookId: each('ids') }) }),
    '.others is "([ids]): [Book]" by its definition, but "([bookIds])',
  ],
  [
    'an argument that nothing reads',
    derived({ others: link('Book', first) }),
    '.others is "Book" by its definition, but "([bookIds]): [Book]"',
  ],
  [
    'a key of no field',
    derived({ next: link('Book', { ...first, bookId: field('nextId') }) }),
    '.next reads "nextId", which is not',
  ],
  [
    'a key computed from a part of the key, which it has without reading',
    derived({ next: link('Book', { ...first, bookId: computed(['bookId'], () => '') }) }),
    '.next reads "bookId", which is not',
  ],
  [
    'a key computed from no field',
    derived({ next: link('Book', { ...first, bookId: computed(['nextId'], () => '') }) }),
    '.next reads "nextId", which is not',
  ],
  [
    'reading no field',
    derived({ summary: computed(['titel'], () => '') }),
    '.summary reads "titel", which is not',
  ],
  [
    'a computed list',
    derived({ others: good.derived.summary }),
    '.others is "[Book]!": a computed field is a single value',
  ],
  ['another argument', derived({ isWithheld: withheld('name') }), '.isWithheld must be "(name: <enum of the'],
])('%s is refused at start, with a message that names file and field', (_what, change, said) => {
  const type = 'type' in change ? change.type : 'Book';
  const problems = problemsOf(SDL, [query, define({ ...good, ...change })]);
  expect(problems.filter((problem) => problem.startsWith(`${FILE}: ${type}${said}`))).toHaveLength(1);
});

test.each([
  [
    'a value that is no field',
    '{ title pages }',
    '{ title pages isbn }',
    '.isWithheld has "isbn" in only one of "fields" and enum BookField',
  ],
  [
    'a missing value',
    '{ title pages }',
    '{ title }',
    '.isWithheld has "pages" in only one of "fields" and enum BookField',
  ],
  [
    'a field that is never null',
    'title: String',
    'title: String!',
    '.title may be withheld or empty, but is "String!" in schema/: make it nullable.',
  ],
  [
    'a key that may be null',
    'shopId: ID!\n',
    'shopId: ID\n',
    '.shopId is "ID!" by its definition, but "ID" in schema/',
  ],
  [
    'an argument',
    'title: String',
    'title(short: Int): String',
    '.title is "String" or "ID" by its definition, but "(short): String"',
  ],
  [
    'a second key',
    '"shopId bookId")',
    '"shopId bookId") @key(fields: "title")',
    ' has the key "shopId bookId": write',
  ],
])('%s in the schema is refused at start', (_what, from, to, said) => {
  const problems = problemsOf(SDL.replace(from, to), [query, define(good)]);
  expect(problems.filter((problem) => problem.startsWith(`${FILE}: Book${said}`))).toHaveLength(1);
});

test('a key may have further arguments, in any order', () => {
  const keys = SDL.replace('fields: "shopId bookId"', 'resolvable: true, fields: "bookId shopId"');
  expect(() => createSchema(keys, [query, define(good)])).not.toThrow();
});

test('a type without an entity is refused, and one with two', () => {
  expect(problemsOf(SDL, [query])).toContain(
    'schema/: type Book has no entity: define one in src/graphql/entities/ and list it in index.ts.',
  );
  expect(problemsOf(SDL, [query, define(good), define(good)])).toContain(
    `${FILE}: Book is defined twice: remove one definition.`,
  );
});

test('all that is wrong is said at once', () => {
  const sdl = SDL.replace('pages: Int', 'pages: String');
  const entities = [query, define({ ...good, fields: { ...good.fields, isbn: string() } })];
  expect(problemsOf(sdl, entities)).toHaveLength(3);
});

test('the order of a key in the schema is free', () => {
  const sdl = SDL.replace('"shopId bookId"', '" bookId  shopId "');
  expect(createSchema(sdl, [query, define(good)]).entities.size).toBe(2);
});

test('items come from an argument that is a list', () => {
  const sdl = SDL.replace('bookIds: [ID!]!', 'bookIds: ID!');
  expect(problemsOf(sdl, [query, define(good)])).toEqual([
    `${FILE}: Book.others is "([bookIds]): [Book]" by its definition, but "(bookIds): [Book]" in schema/: change one.`,
  ]);
});

/** A definition of which the compiler knows nothing. */
function define(definition: object): Entity {
  return defineEntity<never>()(definition as Parameters<ReturnType<typeof defineEntity<never>>>[0]);
}

function problemsOf(sdl: string, entities: readonly Entity[]): string[] {
  try {
    createSchema(sdl, entities);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return error.message
      .split('\n')
      .slice(1)
      .map((line) => line.replace('  - ', ''));
  }
  throw new Error('Nothing is wrong.');
}
