import type { Section } from './section.ts';

/** What so many cost together, in microseconds, for some numbers of them in rising order. */
export interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [count: number, micros: number])[];
}

/** Past this power, measured between the middle and the end, costs grow faster than in proportion; the rest is noise. */
const maxPower = 1.15;

/** A table, a plot and a verdict. The floor's curve, if there is one, is the first. */
export function growthSection({
  title,
  text,
  unit,
  file,
  curves,
}: {
  readonly title: string;
  readonly text: string;
  readonly unit: string;
  readonly file: string;
  readonly curves: readonly Curve[];
}): Section {
  const [first] = curves;
  const hasFloor = first?.name === 'floor';
  const powers = curves.map((curve) => ({ name: curve.name, power: powerOf(curve) }));
  const shown = powers.map(({ name, power }) => `${name} ${power.toFixed(2)}`).join(', ');
  const tooFast = powers.filter(({ name, power }) => name !== 'floor' && power > maxPower);
  const verdict = tooFast.length === 0 ? 'Nothing grows faster than linearly' : '**Faster than linearly**';
  return {
    title,
    text: `${text} ${verdict}: the total cost grows, from the middle of the table to its end, with the power ${shown} of their number.`,
    header: [
      `${unit}s`,
      ...curves.map(({ name }) => `${name}, µs each`),
      ...(hasFloor ? ['layer / floor'] : []),
    ],
    rows: (first?.points ?? []).map(([count, floor], i) => {
      const totals = curves.map(({ points }) => points[i]?.[1] ?? Number.NaN);
      const ratio = ((totals.at(-1) ?? Number.NaN) / floor).toFixed(2);
      return [
        `${count}`,
        ...totals.map((micros) => (micros / count).toFixed(1)),
        ...(hasFloor ? [ratio] : []),
      ];
    }),
    plot: {
      file,
      xLabel: `${unit}s`,
      yLabel: `CPU µs per ${unit}`,
      isLogarithmic: unit !== 'field',
      series: curves.map(({ name, points }) => ({
        name,
        points: points.map(([count, micros]) => [count, micros / count] as const),
      })),
    },
    failures: tooFast.map(
      ({ name, power }) => `${name} grows with the power ${power.toFixed(2)} of its ${unit}s`,
    ),
  };
}

function powerOf({ points }: Curve): number {
  const middle = points[Math.floor((points.length - 1) / 2)];
  const end = points.at(-1);
  if (!middle || !end) return Number.NaN;
  return Math.log(end[1] / middle[1]) / Math.log(end[0] / middle[0]);
}
