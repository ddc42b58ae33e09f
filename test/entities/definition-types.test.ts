import { expect, test } from 'vitest';
import { defineEntity, field, link, withheld } from '#graphql/entities/define-entity.ts';
import { string } from '#upstream/field-decoders.ts';

// `npm run check:types` fails where a line below `@ts-expect-error` compiles.

interface Book {
  __typename?: 'Book';
  bookId: string;
  title: string;
  next: unknown;
  isWithheld: boolean;
}

const path = '/books/{bookId}';
const next = link('Book', { bookId: field('bookId') });
const isWithheld = withheld('field');

test('a definition compiles where each field is in the key, a REST field, or derived', () => {
  const book = defineEntity<Book>()({
    type: 'Book',
    key: ['bookId'],
    path,
    fields: { title: string() },
    existence: 'title',
    derived: { next, isWithheld },
  });
  expect(book.resource?.name).toBe('book');
});

test('a definition does not compile otherwise', () => {
  const common = { type: 'Book', path, existence: 'title' } as const;
  const define = defineEntity<Book>();
  const key = ['bookId'] as const;
  const fields = { title: string() };
  const definitions = [
    // @ts-expect-error: `next` is declared nowhere.
    define({ ...common, key, fields, derived: { isWithheld } }),
    // @ts-expect-error: `title` is declared nowhere.
    define({ type: 'Book', key, derived: { next, isWithheld } }),
    // @ts-expect-error: `author` is derived, and no field of the schema.
    define({ ...common, key, fields, derived: { next, isWithheld, author: next } }),
    // @ts-expect-error: `title` is a REST field and derived too.
    define({ ...common, key, fields, derived: { next, isWithheld, title: next } }),
    // @ts-expect-error: `isbn` is no field of the schema.
    define({ ...common, key, fields: { title: string(), isbn: string() }, derived: { next, isWithheld } }),
    // @ts-expect-error: `id` is in the key, and no field of the schema.
    define({ ...common, key: ['bookId', 'id'], fields, derived: { next, isWithheld } }),
    // @ts-expect-error: `isbn` is no REST field.
    define({ ...common, existence: 'isbn', key, fields, derived: { next, isWithheld } }),
    // @ts-expect-error: a decoder is called.
    define({ ...common, key, fields: { title: string }, derived: { next, isWithheld } }),
    // @ts-expect-error: a link is called.
    define({ ...common, key, fields, derived: { next: link, isWithheld } }),
  ];
  expect(definitions).toHaveLength(9);
});
