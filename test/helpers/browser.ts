// A real headless Chromium for the tests. Needs the system's Chromium; downloads nothing.
import { access, constants, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/** A busy machine takes longer than the half minute that Playwright waits. Milliseconds. */
const patient = { timeout: 150_000 };

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
  const browser = await chromium.launch({ ...patient, executablePath: await findChromium(), headless: true, args });
  browser.on('context', (context) => context.setDefaultTimeout(patient.timeout));
  return browser;
}

export interface BlockingBrowser {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

/** A browser whose settings block the cookies of this origin, as a person or a school may have set them. */
export const launchBrowserThatBlocksCookies = (origin: string): Promise<BlockingBrowser> =>
  launchWithProfile({ content_settings: { exceptions: { cookies: { [`${origin},*`]: { setting: 2 } } } } });

/** A browser that is set to give a page no cookie of another site than the one in its address bar, or to give them. */
export const launchBrowserWithThirdPartyCookies = (which: 'blocked' | 'allowed'): Promise<BlockingBrowser> =>
  launchWithProfile({
    cookie_controls_mode: which === 'blocked' ? 1 : 0,
    block_third_party_cookies: which === 'blocked',
  });

async function launchWithProfile(profile: object): Promise<BlockingBrowser> {
  const executablePath = await findChromium();
  const folder = await mkdtemp(join(tmpdir(), 'sso-profile-'));
  await mkdir(join(folder, 'Default'));
  await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify({ profile }));
  const context = await chromium.launchPersistentContext(folder, {
    ...patient,
    executablePath,
    headless: true,
    args,
  });
  context.setDefaultTimeout(patient.timeout);
  return {
    context,
    close: async () => {
      await context.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function findChromium(): Promise<string> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  await access(executablePath, constants.X_OK).catch((cause: unknown) => {
    throw new Error(
      `There is no Chromium at ${executablePath}. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.`,
      { cause },
    );
  });
  return executablePath;
}
