// An embedded store that the system gives no more room: what does not fit is refused whole, and the rest goes on. The limit
// is one of file size (setrlimit), which needs no rights and no disk of its own.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { compileChild } from '../../helpers/compile-child.ts';

it('a full store keeps what it acknowledged, does nothing by halves, and goes on when there is room', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sso-full-'));
  const child = await compileChild('test/helpers/full-disk-child.ts');
  try {
    const limited = 'ulimit -f 6144; exec "$0" "$@"';
    const args = ['-c', limited, process.execPath, child.file, join(folder, 'store')];
    const { stdout } = await promisify(execFile)('sh', args, {
      timeout: 120_000,
      env: { PATH: process.env['PATH'] ?? '' },
    });
    const result = JSON.parse(stdout);
    expect(result).toEqual({
      kept: expect.any(Number),
      refused: 'STORE_UNAVAILABLE',
      areKept: true,
      commit: 'STORE_UNAVAILABLE',
      committed: [true, true, true, 0],
      load: 'STORE_UNAVAILABLE',
      loaded: [0, 0],
      again: true,
    });
    expect(result.kept).toBeGreaterThan(10);
  } finally {
    child.remove();
    rmSync(folder, { recursive: true });
  }
}, 300_000);
