// The settings of a move: the connection settings of one of the two places are no error for the other, wherever its
// address is set.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMoveConfig } from '../../src/config/move-config.ts';

const common = {
  STORE_KEYS: `one:${Buffer.alloc(32, 1).toString('base64')}`,
  SESSION_TTL: '8h',
  ATTEMPT_RETENTION: '90d',
};
const folder = mkdtempSync(join(tmpdir(), 'sso-move-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(text: string): string {
  const file = join(folder, `${text.length}`);
  writeFileSync(file, `${text}\n`);
  return file;
}

const secure = 'rediss+sentinel://user:a-password@one.internal:26379/main';
const needs = { STORE_TLS_SERVERNAME: 'store.internal', STORE_SENTINEL_PASSWORD: 'of-the-sentinel' };
const target = 'embedded:/data/store';

it.each<[string, Record<string, string>, Record<string, string>]>([
  ['in the environment', { ...needs, STORE_URL: secure, STORE_URL_TO: target }, {}],
  ['in files', { ...needs, STORE_URL_FILE: fileOf(secure), STORE_URL_TO_FILE: fileOf(target) }, {}],
  ['in config/', { STORE_URL_TO: target }, { ...needs, STORE_URL: secure }],
])('takes the certificates and the login of one place alone, with the addresses %s', (_where, environment, layer) => {
  expect(readMoveConfig({ ...common, ...environment }, [layer], {})).toMatchObject({
    kind: 'config',
    config: {
      source: { STORE_URL: { kind: 'sentinel', certificates: { servername: 'store.internal' } } },
      target: { STORE_URL: { kind: 'embedded', path: '/data/store' } },
    },
  });
});

it('refuses what no address is, by the name under which it was given', () => {
  const read = readMoveConfig({ ...common, STORE_URL: target, STORE_URL_TO_FILE: fileOf('nowhere') }, [], {});
  expect(read).toMatchObject({ kind: 'problems', problems: [{ setting: 'STORE_URL_TO' }] });
});
