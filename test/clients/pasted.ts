import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** The client documentation, as its readers see it. */
export const clientsPage: string = await readFile(join(root, 'docs/clients.md'), 'utf8');

/** A folder into which somebody has pasted every file of the page, with the published schema beside them. */
export class Pasted {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** The folder is removed at the end of the test. */
  static async create(): Promise<Pasted> {
    const folder = await mkdtemp(join(tmpdir(), 'clients-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    await cp(join(root, 'docs/schema.graphql'), join(folder, 'schema.graphql'));
    const pasted = new Pasted(folder);
    await pasted.write('package.json', '{ "type": "module" }');
    for (const [file, text] of files) await pasted.write(file, text);
    return pasted;
  }

  /** Lets the files find the service at this address, in place of the one where `npm start` has it. */
  async pointTo(url: string): Promise<void> {
    for (const [file, text] of files) await this.write(file, text.replaceAll('http://127.0.0.1:4000', url));
  }

  /** Writes another file beside them. */
  async write(file: string, text: string): Promise<void> {
    await writeFile(join(this.folder, file), text);
  }

  /** Runs a command of node_modules/.bin there; gives what it printed. */
  async run(command: string, ...parameters: string[]): Promise<string> {
    const path = join(root, 'node_modules/.bin', command);
    const { stdout } = await promisify(execFile)(path, parameters, { cwd: this.folder });
    return stdout;
  }
}

/** What the page says that a program prints. */
export function printedBy(program: string): string {
  const text = outputs.get(program);
  if (text === undefined) throw new Error(`The page does not say what ${program} prints`);
  return text;
}

/** Names and contents of the blocks that the page gives a name. */
const files = blocks(/`([\w.-]+\.(?:js|ts|json))`:\n\n```\w+\n(.*?)```/gs);

const outputs = blocks(/`node ([\w.-]+)` prints:\n\n```text\n(.*?)```/gs);

function blocks(pattern: RegExp): ReadonlyMap<string, string> {
  return new Map(Array.from(clientsPage.matchAll(pattern), ([, name = '', text = '']) => [name, text]));
}
