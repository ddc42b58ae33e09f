import type { Report } from './markdown.ts';

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
    parts.push(text(16, y + 16, `${work.name} · ${work.title}`, 'font-weight="600"'));
    y += headHeight;
    const top = y;
    for (const candidate of candidates) {
      const row = rows.find((each) => each.work === work.name && each.candidate === candidate.name);
      if (!row) continue;
      const length = (row.ratio / longest) * barSpace;
      const middle = y + barHeight - 5;
      parts.push(
        text(left - 10, middle, candidate.name, 'text-anchor="end"'),
        `<rect x="${left}" y="${y}" width="${length.toFixed(1)}" height="${barHeight}" rx="2" fill="${colour(candidate.name)}"/>`,
        text(left + length + 8, middle, row.ratio.toFixed(2)),
      );
      y += rowHeight;
    }
    const floor = (left + barSpace / longest).toFixed(1);
    parts.push(
      `<line x1="${floor}" y1="${top - 4}" x2="${floor}" y2="${y - 4}" stroke="#555" stroke-dasharray="3 3"/>`,
    );
    y += 14;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}"`,
    ' font-family="system-ui, sans-serif" font-size="13" fill="#222" role="img">',
    '<title>CPU per GraphQL request, over the floor of the same round</title>',
    `<rect width="${width}" height="${y}" fill="#fff"/>`,
    text(16, 26, 'CPU per request as a multiple of the floor (dashed), less is better', 'fill="#555"'),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function colour(candidate: string): string {
  if (candidate === 'floor') return '#9aa5b1';
  return candidate === 'layer' ? '#0f766e' : '#d4a857';
}

function text(x: number, y: number, content: string, attributes = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${escaped}</text>`;
}
