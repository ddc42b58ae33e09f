import { expect, test, vi } from 'vitest';
import type { LoadedItem } from '#loader/entry.ts';
import { ResourceLoader } from '#loader/resource-loader.ts';
import {
  FieldTypeError,
  InvalidIdentifierError,
  MissingTokenError,
  TooManyItemsError,
  UnavailableError,
} from '#upstream/errors.ts';
import { stringField } from '#upstream/field-decoders.ts';
import { defineResource } from '#upstream/resource.ts';
import { absent, failed, found, type ScriptedGet, ScriptedReader } from '../../support/scripted-reader.ts';

const things = defineResource({
  path: '/things/{thing}',
  fields: { _id: stringField, a: stringField, b: stringField, c: stringField },
  existenceField: '_id',
});
type Field = (typeof things.fields)[number];

const VALUES = { _id: 'id', a: 'A', b: 'B', c: 'C' };
const DOWN = new UnavailableError('it answered 500');

const landFound = (get: ScriptedGet) => get.land(found(get.question, VALUES));

/** A loader, and what it reads from: by default every item is found at once. */
function createLoader({
  onGet = landFound,
  maxItems = 100,
  authorization = 'Bearer token',
}: {
  onGet?: (get: ScriptedGet) => void;
  maxItems?: number;
  authorization?: string;
} = {}) {
  const reader = new ScriptedReader(onGet);
  const onAnswer = vi.fn();
  const loader = new ResourceLoader(reader, { authorization, requestId: 'r1' }, maxItems, onAnswer);
  const load = (thing: string, ...fields: Field[]) =>
    loader.load({ resource: things, identifiers: [thing], fields: things.fieldSet(fields) });
  return { loader, reader, load, onAnswer };
}

/** A loader whose GETs land when the test says so; `nextGet` waits for the next one to be made. */
function createSlowLoader() {
  const made: ScriptedGet[] = [];
  const waiting: ((get: ScriptedGet) => void)[] = [];
  const onGet = (get: ScriptedGet) => {
    const waiter = waiting.shift();
    if (waiter === undefined) made.push(get);
    else waiter(get);
  };
  const nextGet = () => {
    const get = made.shift();
    return get === undefined
      ? new Promise<ScriptedGet>((resolve) => waiting.push(resolve))
      : Promise.resolve(get);
  };
  return { ...createLoader({ onGet }), nextGet };
}

async function valuesOf(loaded: Promise<LoadedItem | null>): Promise<unknown> {
  return (await loaded)?.values;
}

test('all selections of an item that are loaded together are one GET with the union of their fields', async () => {
  const { load, reader } = createLoader();
  const items = await Promise.all([load('x', 'c'), load('x', 'a'), load('x', 'c', '_id'), load('x')]);
  expect(reader.urls).toEqual(['/things/x?_id&a&c']);
  for (const item of items) expect(item?.values).toEqual({ _id: 'id', a: 'A', c: 'C' });
});

test('selections that come up a few promises later still go along', async () => {
  const { load, reader } = createLoader();
  const late = async () => {
    for (let turn = 0; turn < 5; turn++) await null;
    return load('x', 'b');
  };
  await Promise.all([load('x', 'a'), late(), Promise.resolve().then(() => load('y', 'c'))]);
  expect(reader.urls).toEqual(['/things/x?a&b', '/things/y?c']);
});

test('each item is a GET of its own', async () => {
  const { load, reader } = createLoader();
  await Promise.all([load('x', 'a'), load('y', 'b'), load('x', 'a'), load('z')]);
  expect(reader.urls).toEqual(['/things/x?a', '/things/y?b', '/things/z?_id']);
});

test('a later wave fetches only what is missing, and keeps what is there', async () => {
  const { load, reader } = createLoader();
  expect(await valuesOf(load('x', 'a', 'b'))).toEqual({ a: 'A', b: 'B' });
  expect(await valuesOf(load('x', 'b', 'c'))).toEqual({ a: 'A', b: 'B', c: 'C' });
  expect(reader.urls).toEqual(['/things/x?a&b', '/things/x?c']);
});

test('a later wave makes no GET where nothing is missing', async () => {
  const { load, reader } = createLoader();
  await load('x', 'a', 'b');
  expect(await valuesOf(load('x', 'b'))).toEqual({ a: 'A', b: 'B' });
  expect(await valuesOf(load('x'))).toEqual({ a: 'A', b: 'B' });
  expect(reader.urls).toEqual(['/things/x?a&b']);
});

test('an item of which nothing is wanted is asked for its existence, once', async () => {
  const { load, reader } = createLoader();
  expect(await load('x')).toMatchObject({ values: { _id: 'id' } });
  await load('x');
  await load('x', '_id');
  expect(reader.urls).toEqual(['/things/x?_id']);
});

test('a wave that comes while a GET is in flight asks only for what that GET does not', async () => {
  const { load, reader, nextGet } = createSlowLoader();
  const first = load('x', 'a');
  const firstGet = await nextGet();
  const second = load('x', 'a', 'b');
  const secondGet = await nextGet();
  landFound(secondGet);
  landFound(firstGet);
  expect(await valuesOf(second)).toMatchObject({ a: 'A', b: 'B' });
  expect(await valuesOf(first)).toMatchObject({ a: 'A' });
  expect(reader.urls).toEqual(['/things/x?a', '/things/x?b']);
});

test('a wave that wants only what is in flight waits for it', async () => {
  const { load, reader, nextGet } = createSlowLoader();
  const first = load('x', 'a', 'b');
  const get = await nextGet();
  const second = load('x', 'b');
  landFound(get);
  expect(await Promise.all([valuesOf(first), valuesOf(second)])).toEqual([
    { a: 'A', b: 'B' },
    { a: 'A', b: 'B' },
  ]);
  expect(reader.gets).toHaveLength(1);
});

test('an absent item is null, and not asked for again', async () => {
  const { load, reader } = createLoader({ onGet: (get) => get.land(absent) });
  expect(await Promise.all([load('x', 'a'), load('x', 'b')])).toEqual([null, null]);
  expect(await load('x', 'c')).toBeNull();
  expect(await load('x')).toBeNull();
  expect(reader.urls).toEqual(['/things/x?a&b']);
});

test('an item whose GET failed is not asked for again', async () => {
  const { load, reader } = createLoader({ onGet: (get) => get.land(failed(DOWN)) });
  const settled = await Promise.allSettled([load('x', 'a'), load('x', 'b')]);
  expect(settled).toEqual([rejection(DOWN), rejection(DOWN)]);
  await expect(load('x', 'c')).rejects.toBe(DOWN);
  expect(reader.urls).toEqual(['/things/x?a&b']);
});

test('what came before a GET failed stays', async () => {
  const { load, reader, nextGet } = createSlowLoader();
  const first = load('x', 'a');
  landFound(await nextGet());
  await first;
  const second = load('x', 'a', 'b');
  (await nextGet()).land(failed(DOWN));
  await expect(second).rejects.toBe(DOWN);
  expect(await valuesOf(load('x', 'a'))).toEqual({ a: 'A' });
  await expect(load('x', 'c')).rejects.toBe(DOWN);
  expect(reader.urls).toEqual(['/things/x?a', '/things/x?b']);
});

test('every item of a wave settles alone', async () => {
  const onGet = (get: ScriptedGet) => {
    if (get.url.startsWith('/things/gone')) get.land(absent);
    else if (get.url.startsWith('/things/down')) get.land(failed(DOWN));
    else landFound(get);
  };
  const { load, reader } = createLoader({ onGet, maxItems: 3 });
  const settled = await Promise.allSettled([
    load('good', 'a'),
    load('../bad', 'a'),
    load('gone', 'a'),
    load('down', 'a'),
    load('past-the-limit', 'a'),
    load('good', 'b'),
  ]);
  const good = {
    status: 'fulfilled',
    value: { values: { a: 'A', b: 'B' }, present: things.fieldSet(['a', 'b']) },
  };
  expect(settled).toEqual([
    good,
    rejection(expect.any(InvalidIdentifierError)),
    { status: 'fulfilled', value: null },
    rejection(DOWN),
    rejection(expect.any(TooManyItemsError)),
    good,
  ]);
  expect(reader.urls).toEqual(['/things/good?a&b', '/things/gone?a', '/things/down?a']);
});

test('what one GET left out and what had the wrong type is told apart from what it brought', async () => {
  const wrong = new FieldTypeError('b');
  const { load } = createLoader({ onGet: (get) => get.land(found(get.question, { a: null, b: wrong })) });
  const item = await load('x', 'a', 'b', 'c');
  expect(item?.values).toEqual({ a: null, b: wrong });
  expect(things.fieldsIn(item?.present ?? 0)).toEqual(['a', 'b']);
});

test('distinct items are counted, over waves, and those past the limit make no GET', async () => {
  const { load, loader, reader } = createLoader({ maxItems: 2 });
  await Promise.all([load('x', 'a'), load('x', 'b'), load('no good', 'a').catch(() => {})]);
  await load('y', 'a');
  await expect(load('z', 'a')).rejects.toThrow(TooManyItemsError);
  await load('x', 'c');
  expect(loader.items).toBe(2);
  expect(reader.urls).toEqual(['/things/x?a&b', '/things/y?a', '/things/x?c']);
});

test('without a token no GET is made', async () => {
  const reader = new ScriptedReader();
  const caller = { authorization: undefined, requestId: 'r1' };
  const loader = new ResourceLoader(reader, caller, 100, () => {});
  const question = { resource: things, identifiers: ['x'], fields: things.fieldSet(['a']) };
  await expect(loader.load(question)).rejects.toThrow(MissingTokenError);
  expect(reader.gets).toEqual([]);
});

test('a GET is made on behalf of the caller', async () => {
  const { load, reader } = createLoader({ authorization: 'Bearer mine' });
  await load('x', 'a');
  expect(reader.gets.map(({ caller }) => caller)).toEqual([
    {
      authorization: 'Bearer mine',
      headers: ['authorization', 'Bearer mine', 'accept', 'application/json', 'x-request-id', 'r1'],
    },
  ]);
});

test('each answer is reported, once', async () => {
  const { load, onAnswer } = createLoader({
    onGet: (get) => get.land(get.url.includes('x') ? absent : failed(DOWN)),
  });
  await Promise.allSettled([load('x', 'a'), load('x', 'b'), load('y', 'a')]);
  expect(onAnswer.mock.calls).toEqual([
    [
      expect.objectContaining({ url: '/things/x?a&b' }),
      expect.objectContaining({ outcome: absent }),
      expect.any(Number),
    ],
    [
      expect.objectContaining({ url: '/things/y?a' }),
      expect.objectContaining({ outcome: failed(DOWN) }),
      expect.any(Number),
    ],
  ]);
});

test('cancelling gives up every GET', async () => {
  const { load, loader, reader, nextGet } = createSlowLoader();
  const loading = Promise.allSettled([load('x', 'a'), load('y', 'a')]);
  const gets = [await nextGet(), await nextGet()];
  loader.cancel();
  expect(reader.gets.map(({ cancellations }) => cancellations)).toEqual([1, 1]);
  for (const get of gets) get.land(failed(DOWN));
  await loading;
});

test('two loaders know nothing of each other', async () => {
  const one = createLoader();
  const other = createLoader();
  await one.load('x', 'a');
  await other.load('x', 'a');
  expect([one.reader.urls, other.reader.urls]).toEqual([['/things/x?a'], ['/things/x?a']]);
});

function rejection(reason: unknown) {
  return { status: 'rejected', reason };
}
