import { execFileSync, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const serverCore = '0';
const loadCore = '1';

/** Whether the server can have a core of its own: two cores and `taskset`. Asked before this process is pinned. */
export const coresCanBeSplit: boolean =
  availableParallelism() >= 2 && spawnSync('taskset', ['--version']).status === 0;

/** Moves this process, and so the children that it starts from now on, to the load's core. */
export function pinLoad(): void {
  if (coresCanBeSplit) execFileSync('taskset', ['-acp', loadCore, `${process.pid}`], { stdio: 'ignore' });
}

/** The command that starts a server on its own core; `spread` lets it run on every core. */
export function onServerCore(command: readonly string[], spread = false): readonly string[] {
  if (!coresCanBeSplit) return command;
  return ['taskset', '-c', spread ? `${serverCore},${loadCore}` : serverCore, ...command];
}
