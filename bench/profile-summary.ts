import { fileURLToPath } from 'node:url';

/** What is read of V8's .cpuprofile format. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly scriptId: string;
    readonly url: string;
    readonly lineNumber: number;
  };
}

/** Shares of the busy time, largest first: by package, and by function. */
export interface ProfileSummary {
  readonly groups: readonly (readonly [string, number])[];
  readonly functions: readonly (readonly [string, number])[];
}

/** Adds up each node's own time between two moments of the profile's clock, idle time left out. */
export function summarizeProfile(profile: CpuProfile, from: number, to: number): ProfileSummary {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const groups = new Map<string, number>();
  const functions = new Map<string, number>();
  let total = 0;
  let time = profile.startTime;
  profile.samples.forEach((id, i) => {
    const delta = profile.timeDeltas[i] ?? 0;
    time += delta;
    const node = nodes.get(id);
    if (!node || node.callFrame.functionName === '(idle)' || time < from || time > to) return;
    total += delta;
    add(groups, groupOf(node), delta);
    add(functions, placeOf(node), delta);
  });
  const shares = (sums: Map<string, number>) =>
    [...sums].map(([name, sum]) => [name, sum / total] as const).sort((a, b) => b[1] - a[1]);
  return { groups: shares(groups), functions: shares(functions) };
}

const root = new URL('..', import.meta.url).href;

function groupOf({ callFrame: { functionName, scriptId, url } }: ProfileNode): string {
  if (functionName === '(garbage collector)') return 'garbage collector';
  if (functionName === '(program)') return 'native code (program)';
  if (url.startsWith('node:')) return 'Node internals (JavaScript)';
  if (url.startsWith('wasm:')) return 'WebAssembly (the HTTP parser of undici)';
  if (url === '') return scriptId === '0' ? 'native functions' : 'generated code';
  const inPackage = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (inPackage) return inPackage;
  if (!url.startsWith(root)) return url;
  return url.slice(root.length).split('/').slice(0, -1).join('/');
}

function placeOf({ callFrame: { functionName, scriptId, url, lineNumber } }: ProfileNode): string {
  const name = functionName || '(anonymous)';
  if (url === '') return scriptId === '0' ? name : `${name} (generated)`;
  const file = url.startsWith('file:') ? fileURLToPath(url).slice(fileURLToPath(root).length) : url;
  return `${name} ${file.replace(/.*node_modules\//, '')}:${lineNumber + 1}`;
}

function add(sums: Map<string, number>, name: string, delta: number): void {
  sums.set(name, (sums.get(name) ?? 0) + delta);
}
