/** The text of an SVG with a title and a line above what is drawn. */
export function svgDocument(
  title: string,
  heading: string,
  size: { readonly width: number; readonly height: number },
  parts: readonly string[],
): string {
  const { width, height } = size;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    ' font-family="system-ui, sans-serif" font-size="13" fill="#222" role="img">',
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    svgText(16, 26, heading, 'fill="#555"'),
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

export function svgText(x: number, y: number, content: string, attributes = ''): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escaped(content)}</text>`;
}

/** The colour of a candidate, the same in every picture. */
export function colourOf(candidate: string): string {
  if (candidate === 'floor') return '#9aa5b1';
  return candidate.startsWith('layer') ? '#0f766e' : '#d4a857';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
