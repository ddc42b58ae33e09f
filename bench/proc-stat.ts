import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** CPU time, user and system, that a process and its children have used so far, in microseconds. */
export function cpuMicrosOf(pid: number): number {
  return processTree(pid).reduce((sum, each) => sum + cpuMicrosOfOne(each), 0);
}

/** Resident memory of a process and its children, in bytes. */
export function residentBytesOf(pid: number): number {
  return processTree(pid).reduce((sum, each) => sum + residentBytesOfOne(each), 0);
}

/** How many processes a process and its children are. */
export function processCountOf(pid: number): number {
  return processTree(pid).length;
}

function processTree(pid: number): number[] {
  const children = threadsOf(pid).flatMap((thread) => {
    const text = readFileSync(`${thread}/children`, 'utf8').trim();
    return text === '' ? [] : text.split(' ').map(Number);
  });
  return [pid, ...children.flatMap(processTree)];
}

// The scheduler counts nanoseconds for each thread; /proc/PID/stat rounds the same count to ticks of 10 ms.
function cpuMicrosOfOne(pid: number): number {
  if (!existsSync(`/proc/${pid}/schedstat`)) return ticksOf(pid) * 10_000;
  const nanos = threadsOf(pid).map((thread) =>
    Number.parseInt(readFileSync(`${thread}/schedstat`, 'utf8'), 10),
  );
  return nanos.reduce((sum, each) => sum + each, 0) / 1000;
}

function ticksOf(pid: number): number {
  const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1) ?? '';
  const fields = afterName.split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

function residentBytesOfOne(pid: number): number {
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(match?.[1] ?? 0) * 1024;
}

function threadsOf(pid: number): string[] {
  const tasks = `/proc/${pid}/task`;
  return readdirSync(tasks).map((thread) => `${tasks}/${thread}`);
}
