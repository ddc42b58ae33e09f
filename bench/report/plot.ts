import type { Plot } from '../sections/section.ts';
import { colourOf, svgDocument, svgText } from './svg.ts';

const left = 70;
const top = 50;
const plotWidth = 480;
const plotHeight = 240;
const size = { width: left + plotWidth + 90, height: top + plotHeight + 60 };

/** The text of the SVG of a plot: a line for each series, from 0 upwards. */
export function plotToSvg(title: string, { xLabel, yLabel, isLogarithmic, series }: Plot): string {
  const points = series.flatMap((each) => each.points);
  const xs = [...new Set(points.map(([x]) => x))];
  const scale = (x: number) => (isLogarithmic ? Math.log(x) : x);
  const lowest = scale(Math.min(...xs));
  const range = scale(Math.max(...xs)) - lowest || 1;
  const highest = Math.max(...points.map(([, y]) => y)) || 1;
  const xOf = (x: number) => left + ((scale(x) - lowest) / range) * plotWidth;
  const yOf = (y: number) => top + plotHeight * (1 - y / highest);
  const bottom = yOf(0);
  const lines = series.flatMap(({ name, points }) => {
    const [endX, endY] = points.at(-1) ?? [0, 0];
    const colour = colourOf(name);
    const corners = points.map(([x, y]) => `${xOf(x).toFixed(1)},${yOf(y).toFixed(1)}`);
    return [
      `<polyline points="${corners.join(' ')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      ...points.map(
        ([x, y]) => `<circle cx="${xOf(x).toFixed(1)}" cy="${yOf(y).toFixed(1)}" r="3" fill="${colour}"/>`,
      ),
      svgText(xOf(endX) + 8, yOf(endY) + 4, name, `fill="${colour}"`),
    ];
  });
  const axes = [
    `<path d="M${left} ${top}V${bottom}H${left + plotWidth}" fill="none" stroke="#555"/>`,
    ...[0, highest / 2, highest].map((y) =>
      svgText(left - 8, yOf(y) + 4, y.toFixed(y < 10 ? 1 : 0), 'text-anchor="end"'),
    ),
    ...xs.map((x) => svgText(xOf(x), bottom + 18, `${x}`, 'text-anchor="middle"')),
    svgText(left + plotWidth / 2, bottom + 40, xLabel, 'text-anchor="middle" fill="#555"'),
  ];
  return svgDocument(title, yLabel, size, [...axes, ...lines]);
}
