import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const { scripts } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'));
const [, ...options] = String(scripts.start).split(' ');

/** What `npm start` gives to Node: options, and the file as an absolute path. */
export const START_ARGUMENTS: readonly string[] = [
  ...options.slice(0, -1),
  resolve(ROOT, options.at(-1) ?? ''),
];
