import type { Report } from './markdown.ts';
import { colourOf, svgDocument, svgText } from './svg.ts';

const left = 110;
const barSpace = 470;
const width = left + barSpace + 80;
const barHeight = 18;
const rowHeight = 26;
const headHeight = 34;

/** The text of results.svg: for each work, a bar for each candidate's ratio to the floor. */
export function toSvg({ options, candidates, rows }: Report): string {
  const longest = Math.max(1, ...rows.map((row) => row.ratio));
  const parts: string[] = [];
  let y = 40;
  for (const work of options.works) {
    parts.push(svgText(16, y + 16, `${work.name} · ${work.title}`, 'font-weight="600"'));
    y += headHeight;
    const top = y;
    for (const candidate of candidates) {
      const row = rows.find((each) => each.work === work.name && each.candidate === candidate.name);
      if (!row) continue;
      const length = (row.ratio / longest) * barSpace;
      const middle = y + barHeight - 5;
      parts.push(
        svgText(left - 10, middle, candidate.name, 'text-anchor="end"'),
        `<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="2" fill="${colourOf(candidate.name)}"/>`,
        svgText(left + length + 8, middle, row.ratio.toFixed(2)),
      );
      y += rowHeight;
    }
    const floor = (left + barSpace / longest).toFixed(1);
    parts.push(
      `<line x1="${floor}" y1="${top - 4}" x2="${floor}" y2="${y - 4}" stroke="#555" stroke-dasharray="3 3"/>`,
    );
    y += 14;
  }
  return svgDocument(
    'CPU per GraphQL request, over the floor of the same round',
    'CPU per request as a multiple of the floor (dashed), less is better',
    { width, height: y },
    parts,
  );
}
