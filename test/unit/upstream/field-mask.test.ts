import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FieldMask } from '#upstream/field-mask.ts';

/** Places of a resource with 70 fields, which take three words. */
const places = fc.uniqueArray(fc.nat(69), { maxLength: 70 });
const sorted = (set: ReadonlySet<number>) => [...set].sort((one, other) => one - other);

test('a mask is the set of its fields, of up to 70 and more', () => {
  fc.assert(
    fc.property(places, places, (one, other) => {
      const [a, b] = [new Set(one), new Set(other)];
      const [maskA, maskB] = [FieldMask.of(one), FieldMask.of(other)];
      expect(maskA.indices()).toEqual(sorted(a));
      expect(maskA.union(maskB).indices()).toEqual(sorted(a.union(b)));
      expect(maskA.without(maskB).indices()).toEqual(sorted(a.difference(b)));
      expect(maskA.covers(maskB)).toBe(b.isSubsetOf(a));
      expect(maskA.isEmpty).toBe(a.size === 0);
      for (let index = 0; index < 80; index++) expect(maskA.has(index)).toBe(a.has(index));
    }),
  );
});

test('equal masks have equal keys, however they came about, and others have not', () => {
  fc.assert(
    fc.property(places, places, (one, other) => {
      const [maskA, maskB] = [FieldMask.of(one), FieldMask.of(other)];
      expect(maskA.union(maskB).key).toBe(FieldMask.of([...other, ...one]).key);
      expect(maskA.union(maskB).without(maskB).key).toBe(maskA.without(maskB).key);
      expect(maskA.key === maskB.key).toBe(sorted(new Set(one)).join() === sorted(new Set(other)).join());
    }),
  );
});

test('the last bit of a word is one like any other', () => {
  const mask = FieldMask.of([30, 31, 61, 62]);
  expect(mask.indices()).toEqual([30, 31, 61, 62]);
  expect(mask.without(FieldMask.of([30, 62])).indices()).toEqual([31, 61]);
  expect(FieldMask.of([62]).without(FieldMask.of([62]))).toBe(FieldMask.none);
});
