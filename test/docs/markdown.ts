import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const repository = resolve(import.meta.dirname, '../..');

/** A Markdown file of this repository. */
export interface MarkdownFile {
  /** Counted from the top of the repository. */
  readonly path: string;
  /** What stands in code spans and code blocks, in their order. */
  readonly code: readonly string[];
  /** Where links lead, images and reference definitions included. */
  readonly links: readonly string[];
  /** What `#…` may name. */
  readonly anchors: readonly string[];
}

/** Reads all Markdown files of this repository. */
export function readMarkdownFiles(): MarkdownFile[] {
  return globSync(['*.md', '.github/**/*.md', '*/**/*.md'], {
    cwd: repository,
    exclude: (path) => path.split('/').includes('node_modules'),
  }).map((path) => ({ path, ...read(readFileSync(join(repository, path), 'utf8')) }));
}

const FENCED = /^[ \t]*```.*\n([\s\S]*?)^[ \t]*```/gm;
const INDENTED = /(?<=\n\n)(?: {4}.*\n)+/g;
const SPAN = /`([^`\n]+)`/g;

function read(text: string): Omit<MarkdownFile, 'path'> {
  const code = matches(text, FENCED);
  const unfenced = text.replaceAll(FENCED, '');
  code.push(...matches(unfenced, INDENTED));
  const prose = unfenced.replaceAll(INDENTED, '\n');
  code.push(...matches(prose, SPAN));
  const links = matches(prose.replaceAll(SPAN, ''), /\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)/gm);
  const anchors = matches(unfenced, /^#+ (.*)$/gm).map(toAnchor);
  return { code, links, anchors };
}

/** The first group that matched, or all that did where there is none. */
function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([whole, ...groups]) => groups.find((group) => group) ?? whole);
}

/** As GitHub does it. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
