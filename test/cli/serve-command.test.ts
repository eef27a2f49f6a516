// `serve` where it cannot begin: what a person and what a program is told.
import { runBridgeCommand } from '../helpers/bridge-command.ts';

describe('serve with settings that need attention', () => {
  it('names each to a program, with --json, in one document', async () => {
    const { exitCode, json, stderr } = await runBridgeCommand({ SESSION_TTL: 'soon' }, ['serve', '--json']);
    const { code, settings } = Object(json['error']);
    const names = settings.map(({ setting }: { setting: string }) => setting).sort();
    expect([exitCode, code, stderr]).toEqual([1, 'configuration', '']);
    expect(names).toEqual(['CLEVER_CLIENT_ID', 'CLEVER_CLIENT_SECRET', 'PRODUCT_URL', 'SESSION_TTL']);
  });

  it('names each to a person, on standard error', async () => {
    const { exitCode, stdout, stderr } = await runBridgeCommand({}, ['serve']);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /CLEVER_CLIENT_ID is required\n.*CLEVER_CLIENT_SECRET is required\n.*PRODUCT_URL is required/,
    );
  });
});
