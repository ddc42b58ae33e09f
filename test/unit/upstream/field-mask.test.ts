import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FieldMask } from '#upstream/field-mask.ts';

/** Places of fields over three words and more, close to where one word ends among them. */
const places = fc.uniqueArray(fc.oneof(fc.nat(100), fc.constantFrom(0, 30, 31, 61, 62, 93)), {
  maxLength: 12,
});

const sorted = (set: Iterable<number>) => [...set].toSorted((one, other) => one - other);

test('a mask is a set of numbers, whatever their size', () => {
  fc.assert(
    fc.property(places, places, (one, other) => {
      const [a, b] = [new Set(one), new Set(other)];
      const [maskA, maskB] = [FieldMask.of(one), FieldMask.of(other)];
      expect(maskA.indices()).toEqual(sorted(a));
      expect(maskA.union(maskB).indices()).toEqual(sorted(a.union(b)));
      expect(maskA.without(maskB).indices()).toEqual(sorted(a.difference(b)));
      expect(maskA.covers(maskB)).toBe(b.isSubsetOf(a));
      expect(maskA.isEmpty).toBe(a.size === 0);
      for (const place of [...one, ...other, 200]) expect(maskA.has(place)).toBe(a.has(place));
    }),
  );
});

test('equal masks have equal keys, however they came about, and others have others', () => {
  fc.assert(
    fc.property(places, places, (one, other) => {
      const union = FieldMask.of(one).union(FieldMask.of(other));
      expect(union.key).toBe(FieldMask.of([...other, ...one]).key);
      const rest = union.without(FieldMask.of(other));
      expect(rest.key).toBe(FieldMask.of(sorted(new Set(one).difference(new Set(other)))).key);
      expect(rest.key === union.key).toBe(other.length === 0);
    }),
  );
});
