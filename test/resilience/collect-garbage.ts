import type { Service } from '../support/service.ts';

/** Arguments for Node: on a signal the service collects its garbage, and says so: `collected 1;`. */
export const COLLECT: readonly string[] = [
  '--expose-gc',
  '--import',
  `data:text/javascript,
  let times = 0;
  process.on('SIGUSR2', () => { gc(); console.log('collected ' + ++times + ';'); });`,
];

/** Megabytes that are left. */
export interface Left {
  readonly heap: number;
  readonly resident: number;
  /** A sample of `/metrics`, by its name. */
  read(name: string): number;
}

/** Lets a service that was started with `COLLECT` collect its garbage, and measures. */
export async function collectGarbage(service: Service): Promise<Left> {
  const times = service.written.match(/^collected \d+;$/gm)?.length ?? 0;
  service.signal('SIGUSR2');
  await service.hasWritten(`collected ${times + 1};`);
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  const read = (name: string) => Number(new RegExp(`^${name} (.*)$`, 'm').exec(metrics)?.[1]);
  const megabytes = (name: string) => Math.round(read(name) / 104_857.6) / 10;
  return {
    heap: megabytes('nodejs_heap_size_used_bytes'),
    resident: megabytes('process_resident_memory_bytes'),
    read,
  };
}
