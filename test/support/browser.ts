// A real headless Chromium for the tests. Needs the system's Chromium; downloads nothing.
import { access, constants } from 'node:fs/promises';
import { type Browser, chromium } from 'playwright-core';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Close it when the suite ends. CHROMIUM_PATH names another binary than /usr/bin/chromium. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  await access(executablePath, constants.X_OK).catch((cause: unknown) => {
    throw new Error(
      `There is no Chromium at ${executablePath}. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.`,
      { cause },
    );
  });
  return chromium.launch({ executablePath, headless: true, args });
}
