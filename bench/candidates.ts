import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One server of the comparison. */
export interface Candidate {
  readonly name: string;
  readonly title: string;
  /** What the process is given besides Node: its flags and its script. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** On both cores, beside the load and the REST API, rather than on one of its own. */
  readonly spread?: boolean;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const bench = fileURLToPath(new URL('.', import.meta.url));
const startArgs = argsOfStartScript();
// Node's flags of `npm start` are everybody's: the ratio shall tell what the code costs, not what the flags do.
// What forbids code from strings is the layer's own: peers need it.
const nodeFlags = startArgs.filter((arg) => arg.startsWith('-') && !arg.includes('code-generation'));

const layer: Candidate = {
  name: 'layer',
  title: 'this layer, all limits, logs and metrics on',
  args: startArgs,
  cwd: root,
};

/** Every candidate, the floor first. */
export const candidates: readonly Candidate[] = [
  benchServer('floor', 'bare node:http and undici dispatch, no GraphQL', 'floor.ts'),
  layer,
  {
    ...layer,
    name: 'layer-workers',
    title: 'this layer with `WORKERS=2`, on both cores, which the load and the REST API share',
    env: { WORKERS: '2' },
    spread: true,
  },
  benchServer('mercurius', 'Mercurius with JIT, DataLoader, undici', 'peers/mercurius.ts'),
  benchServer('yoga', 'GraphQL Yoga, DataLoader, undici', 'peers/yoga.ts'),
  benchServer('apollo', 'Apollo Server standalone, datasource-rest', 'peers/apollo.ts'),
];

/** Whether a candidate's script is there. */
export function isPresent(candidate: Candidate): boolean {
  const script = candidate.args.find((arg) => !arg.startsWith('-'));
  return script !== undefined && existsSync(`${candidate.cwd}/${script}`);
}

function benchServer(name: string, title: string, script: string): Candidate {
  return { name, title, args: [...nodeFlags, script], cwd: bench };
}

// `npm start` says how the layer is started; it is repeated here without npm, so that the process is the server's own.
function argsOfStartScript(): string[] {
  const manifest: { scripts: { start: string } } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  const [command, ...args] = manifest.scripts.start.split(' ');
  if (command !== 'node')
    throw new Error(`the start script is expected to be "node ...": ${manifest.scripts.start}`);
  return args;
}
