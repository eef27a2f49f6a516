// Bundles the bridge with its libraries into dist/bridge, so that a command or a server reads a few dozen files in place of
// many hundreds: docs/adr/0052-the-bridge-starts-from-a-bundle.md. What is imported at the top of a file is loaded with it,
// what is imported by `import()` when it is first needed, as without the bundle.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

rmSync(new URL('../dist/bridge', import.meta.url), { recursive: true, force: true });
await build({
  absWorkingDir: root,
  // A thread is a file of its own, beside whatever starts it.
  entryPoints: { main: 'src/main.ts', 'hash-thread-main': 'src/store/hash-thread-main.ts' },
  outdir: 'dist/bridge',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  // Has native parts, which it finds by its own place.
  external: ['lmdb'],
  // A log line names the place of a failure by its TypeScript file: src/ops/log.ts.
  sourcemap: true,
  sourcesContent: false,
  // Libraries of the older kind ask for Node's own modules by `require`.
  banner: {
    js: "import { createRequire as createOwnRequire } from 'node:module'; const require = createOwnRequire(import.meta.url);",
  },
});
