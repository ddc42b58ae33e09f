import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PATH = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

/** Whether there is a browser to test with; says so where there is none. */
export function hasChromium(): boolean {
  if (existsSync(PATH)) return true;
  console.info(`Skipped, since there is no Chromium at ${PATH}; CHROMIUM_PATH may name another place.`);
  return false;
}

/** Starts Chromium without a window, and with no host but 127.0.0.1; the caller closes it. */
export function launchChromium(): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
  ];
  return chromium.launch({ executablePath: PATH, args, timeout: 120_000 });
}
