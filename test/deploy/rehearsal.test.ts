// deploy/rehearsal: production on this machine, from nothing to a rolling restart under load, by the commands of the script.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { findFreePort } from '../helpers/redis-server.ts';

const script = 'deploy/rehearsal/rehearse.sh';
const timeoutMs = 900_000;

/** A first port with thirty free ones after it, at the time of the check. */
async function findFreeRange(): Promise<number> {
  const first = await findFreePort();
  for (let next = first + 1; next < first + 30; next += 1) if ((await findFreePort()) !== next) return findFreeRange();
  return first;
}

it('gives the bridge at Redis what docs/operating.md says, and no more', () => {
  const rule = /ACL SETUSER bridge on >PASSWORD ((?:.|\n)*?)\n```/.exec(readFileSync('docs/operating.md', 'utf8'))?.[1];
  const used = /user bridge on >\$bridge_password (.*)/.exec(readFileSync(script, 'utf8'))?.[1];
  expect(used).toBe(rule?.replace(/\s+/g, ' '));
});

it(
  'loses no sign-in while two bridges are restarted behind nginx that notices late, on Redis Cluster with TLS',
  async () => {
    const base = await findFreeRange();
    const { code, output } = await new Promise<{ code: unknown; output: string }>((resolve) => {
      const options = { env: { ...process.env, BASE_PORT: `${base}` }, timeout: timeoutMs - 30_000 };
      const child = execFile('bash', [script], options, (failure, stdout, stderr) => {
        process.off('exit', abandon);
        resolve({ code: failure === null ? 0 : failure.code, output: stdout + stderr });
      });
      const abandon = () => child.kill();
      process.once('exit', abandon);
    });
    expect([code, output]).toEqual([0, expect.stringMatching(/\n[1-9]\d+ sign-ins, 0 failed\n$/)]);
  },
  timeoutMs,
);
