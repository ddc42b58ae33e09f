import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

const REPOSITORY = resolve(import.meta.dirname, '../..');

/** A change to one file: text in place of other text, or a whole new file. */
export interface Edit {
  readonly path: string;
  /** Undefined for a new file. */
  readonly before: string | undefined;
  readonly after: string;
}

/** The changes under a heading of the recipe: blocks of code, each behind a line that begins with a path. */
export function readRecipe(heading: string): Edit[] {
  const text = readFileSync(join(REPOSITORY, 'docs/adding-a-field-or-resource.md'), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  const blocks = section.matchAll(/^`([^`\n]+)`[^\n]*\n\n```(diff|graphql|ts)\n(.*?)^```$/gms);
  return Array.from(blocks, ([, path = '', kind, code = '']) =>
    kind === 'diff' ? { path, ...sides(code) } : { path, before: undefined, after: code },
  );
}

/** What a diff says stood there, and what stands there then. */
function sides(diff: string): { readonly before: string; readonly after: string } {
  const lines = diff.trimEnd().split('\n');
  const side = (other: string) =>
    lines
      .filter((line) => !line.startsWith(other))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  return { before: side('+'), after: side('-') };
}

/** A copy of the repository in a folder of its own, which the caller removes. */
export function copyRepository(): string {
  const folder = mkdtempSync(join(tmpdir(), 'recipe-'));
  cpSync(REPOSITORY, folder, {
    recursive: true,
    filter: (path) => !['node_modules', '.git'].includes(basename(path)),
  });
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Makes a change in a copy, where what it replaces stands exactly once. */
export function apply(folder: string, { path, before, after }: Edit): void {
  const file = join(folder, path);
  if (before === undefined) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, after, { flag: 'wx' });
    return;
  }
  const [start, end, ...others] = readFileSync(file, 'utf8').split(before);
  if (end === undefined || others.length > 0) throw new Error(`${path} does not have this once:\n${before}`);
  writeFileSync(file, `${start}${after}${end}`);
}

/** The service of a copy. */
export interface Copy {
  /** Without a path. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the service of a copy on a free port.
 * @throws Error with what it wrote, where it ends by itself
 */
export async function startCopy(folder: string): Promise<Copy> {
  const child = spawn(process.execPath, ['src/main.js'], { cwd: folder, env: { PORT: '0' }, stdio: 'pipe' });
  const exited = once(child, 'exit');
  const problems = text(child.stderr);
  for await (const line of createInterface(child.stdout)) {
    const [, url] = /^GraphQL +(\S+)\/graphql$/.exec(line) ?? [];
    if (url !== undefined) {
      child.stdout.resume();
      const stop = async () => {
        child.kill();
        await exited;
      };
      return { url, stop };
    }
  }
  throw new Error(await problems);
}
