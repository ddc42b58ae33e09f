import { describe, expect, test } from 'vitest';
import { unavailable } from '#upstream/errors.ts';
import type { FetchRecord } from '#upstream/fetch.ts';
import { createLoader, item, nextTick, thing } from './scripted-reader.ts';

describe('one GET an item', () => {
  test('has the union of what is asked for in one tick', async () => {
    const { load, fetches, urls } = createLoader();
    const both = Promise.all([load('a', ['name']), load('a', ['colour', 'name']), load('b', ['id'])]);
    await nextTick();
    expect(urls()).toEqual(['/items/a?name&colour', '/items/b?id']);
    for (const fetch of fetches) fetch.find();
    expect(await both).toEqual([{ name: 'name' }, { colour: 'colour', name: 'name' }, { id: 'id' }]);
  });

  test('asks whether the item exists where no field is wanted', async () => {
    const { load, fetches, urls } = createLoader();
    const none = load('a', []);
    await nextTick();
    expect(urls()).toEqual(['/items/a?id']);
    fetches[0]?.find();
    expect(await none).toEqual({});
  });

  test('and one for another resource of the same id', async () => {
    const { load, urls } = createLoader();
    void load('a', ['name']);
    void load('a', ['name'], thing);
    await nextTick();
    expect(urls()).toEqual(['/items/a?name', '/things/a?name']);
  });
});

describe('an item that is reached again', () => {
  test('is asked only for fields that no GET has brought', async () => {
    const { load, fetches, urls } = createLoader();
    const first = load('a', ['name']);
    await nextTick();
    fetches[0]?.find();
    await first;
    expect(await load('a', ['name'])).toEqual({ name: 'name' });
    expect(await load('a', [])).toEqual({});
    const more = load('a', ['name', 'colour']);
    await nextTick();
    expect(urls()).toEqual(['/items/a?name', '/items/a?colour']);
    fetches[1]?.find();
    expect(await more).toEqual({ name: 'name', colour: 'colour' });
  });

  test('is asked only for fields that no GET is getting, and waits for both', async () => {
    const { load, fetches, urls } = createLoader();
    void load('a', ['name']);
    await nextTick();
    const both = load('a', ['name', 'colour']);
    await nextTick();
    expect(urls()).toEqual(['/items/a?name', '/items/a?colour']);
    fetches[1]?.find();
    fetches[0]?.find();
    expect(await both).toEqual({ name: 'name', colour: 'colour' });
  });

  test('is not asked again for a field that was withheld', async () => {
    const { loader, load, fetches } = createLoader();
    const first = load('a', ['name', 'colour']);
    await nextTick();
    fetches[0]?.find('name');
    expect(await first).toEqual({ name: undefined, colour: 'colour' });
    const again = await loader.load(item, ['a'], item.mask(['name']));
    expect([again?.isWithheld(1), again?.isWithheld(2), again?.isWithheld(0)]).toEqual([true, false, false]);
    expect(fetches).toHaveLength(1);
  });

  test('is not asked again once it is absent, or its GET failed', async () => {
    const { load, fetches } = createLoader();
    const first = Promise.all([load('a', ['name']), load('b', ['name'])]);
    await nextTick();
    fetches[0]?.settle({ kind: 'absent' });
    fetches[1]?.settle({ kind: 'failed', error: unavailable('down') });
    expect(await first).toEqual([null, 'UPSTREAM_UNAVAILABLE']);
    expect(await load('a', ['colour'])).toBeNull();
    expect(await load('b', ['colour'])).toBe('UPSTREAM_UNAVAILABLE');
    expect(fetches).toHaveLength(2);
  });

  test('keeps what an earlier GET brought, where a later one fails', async () => {
    const { load, fetches } = createLoader();
    const name = load('a', ['name']);
    await nextTick();
    fetches[0]?.find();
    await name;
    const colour = load('a', ['name', 'colour']);
    await nextTick();
    fetches[1]?.settle({ kind: 'failed', error: unavailable('down') });
    expect(await colour).toBe('UPSTREAM_UNAVAILABLE');
    expect(await load('a', ['name'])).toEqual({ name: 'name' });
  });
});

describe('an item of which one GET fails while another one is under way', () => {
  async function failOneOfTwo() {
    const loader = createLoader();
    const { load, fetches, urls } = loader;
    const name = load('a', ['name']);
    await nextTick();
    const [colour, both] = [load('a', ['colour']), load('a', ['name', 'colour'])];
    await nextTick();
    const existence = load('a', []);
    expect(urls()).toEqual(['/items/a?name', '/items/a?colour']);
    fetches[0]?.settle({ kind: 'failed', error: unavailable('down') });
    expect(await Promise.all([name, both])).toEqual(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE']);
    return { ...loader, colour, existence };
  }

  test('is told of to those who want what failed, and is there for the others once that other one is answered', async () => {
    const { load, fetches, colour, existence } = await failOneOfTwo();
    fetches[1]?.find();
    expect(await Promise.all([colour, existence])).toEqual([{ colour: 'colour' }, {}]);
    expect(await load('a', ['colour'])).toEqual({ colour: 'colour' });
    expect(await load('a', ['name'])).toBe('UPSTREAM_UNAVAILABLE');
    expect(fetches).toHaveLength(2);
  });

  test('is absent for the others where that other one says so', async () => {
    const { fetches, colour, existence } = await failOneOfTwo();
    fetches[1]?.settle({ kind: 'absent' });
    expect(await Promise.all([colour, existence])).toEqual([null, null]);
  });

  test('fails for the others where that other one fails too', async () => {
    const { fetches, colour, existence } = await failOneOfTwo();
    fetches[1]?.settle({ kind: 'failed', error: unavailable('down') });
    expect(await Promise.all([colour, existence])).toEqual(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_UNAVAILABLE']);
  });
});

describe('each item settles alone', () => {
  test('as soon as its own GET does', async () => {
    const { load, fetches } = createLoader();
    void load('slow', ['name']);
    const fast = load('fast', ['name']);
    await nextTick();
    fetches[1]?.find();
    expect(await fast).toEqual({ name: 'name' });
  });

  test('and a failure of one leaves the others', async () => {
    const { load, fetches } = createLoader();
    const all = Promise.all(['a', 'b', 'c'].map((id) => load(id, ['name'])));
    await nextTick();
    fetches[2]?.find();
    fetches[1]?.settle({ kind: 'failed', error: unavailable('down') });
    fetches[0]?.find();
    expect(await all).toEqual([{ name: 'name' }, 'UPSTREAM_UNAVAILABLE', { name: 'name' }]);
  });
});

describe('an item may not be asked for', () => {
  test('past the limit of its resource, which others do not count for', async () => {
    const { loader, load, urls } = createLoader({ maxItems: 2 });
    void load('a', ['name']);
    void load('b', ['name']);
    void load('a', ['colour'], thing);
    expect(await load('c', ['name'])).toBe('TOO_MANY_USERS');
    void load('a', ['colour']);
    await nextTick();
    expect(urls()).toEqual(['/items/a?name&colour', '/items/b?name', '/things/a?colour']);
    expect(loader.counts).toEqual([
      ['item', 2],
      ['thing', 1],
    ]);
  });

  test('without a token', async () => {
    const { load, fetches } = createLoader({ authorization: undefined });
    expect(await load('a', ['name'])).toBe('UNAUTHENTICATED');
    await nextTick();
    expect(fetches).toEqual([]);
  });

  test('where its id is malformed', async () => {
    const { load, fetches } = createLoader();
    expect(await load('a/b', ['name'])).toBe('BAD_USER_INPUT');
    await nextTick();
    expect(fetches).toEqual([]);
  });

  test('where too many GETs of the caller wait, which is looked at once', async () => {
    let looks = 0;
    const isOverloaded = () => looks++ === 0;
    const { loader, load, fetches } = createLoader({ isOverloaded });
    expect([await load('a', ['name']), await load('b', ['name'])]).toEqual(['OVERLOADED', 'OVERLOADED']);
    expect(loader.isTurnedAway).toBe(true);
    expect(fetches).toEqual([]);
  });

  test('but a request that has begun goes on, however many wait then', async () => {
    let isFull = false;
    const { loader, load, urls } = createLoader({ isOverloaded: () => isFull });
    void load('a', ['name']);
    isFull = true;
    void load('b', ['name']);
    await nextTick();
    expect(urls()).toEqual(['/items/a?name', '/items/b?name']);
    expect(loader.isTurnedAway).toBe(false);
  });
});

test('a loader that is cancelled leaves its GETs, and makes no more', async () => {
  const records: FetchRecord[] = [];
  const { loader, load, fetches } = createLoader({ observer: { fetched: (record) => records.push(record) } });
  const both = Promise.all([load('a', ['name']), load('b', ['name'])]);
  await nextTick();
  loader.cancel();
  expect(await both).toEqual(['CANCELLED', 'CANCELLED']);
  expect(await load('c', ['name'])).toBe('CANCELLED');
  expect(await load('a', ['colour'])).toBe('CANCELLED');
  await nextTick();
  expect(fetches).toHaveLength(2);
  expect(records.map(({ error }) => error?.code)).toEqual(['CANCELLED', 'CANCELLED']);
});

test('a loader that is cancelled in the tick in which it was asked makes no GET', async () => {
  const { loader, load, fetches } = createLoader();
  const waiting = load('a', ['name']);
  loader.cancel();
  await nextTick();
  expect(fetches.map(({ url }) => url)).toEqual([]);
  expect(await waiting).toBe('CANCELLED');
});
