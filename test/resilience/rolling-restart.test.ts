import { expect, test } from 'vitest';
import { findNginx } from './nginx.ts';
import { rollingRestart } from './rolling-restart.ts';

const nginx = findNginx();
if (nginx === undefined) console.log('Skipped, since nginx is not installed: the rolling restart');

test.skipIf(nginx === undefined)(
  'two instances behind nginx are restarted in turn, and no request is lost',
  async () => {
    const options = { rounds: 1, clients: 8, pauseMs: 200, log: () => {} };
    const { requests, lost, exits } = await rollingRestart(nginx ?? '', options);

    expect(lost).toEqual([]);
    expect(exits).toEqual([0, 0, 0, 0]);
    expect(requests).toBeGreaterThan(0);
  },
);
