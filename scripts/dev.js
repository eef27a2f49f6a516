// `npm run dev`: the compiler in watch mode beside the demo, whose servers restart when one of their modules changes. Ends
// with the demo, on Ctrl-C.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const compiler = start(
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'],
  {},
  ['ignore', 'pipe', 'inherit'],
);
let demo;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => (demo === undefined ? stopCompiler() : demo.kill('SIGTERM')));

for await (const line of createInterface({ input: compiler.stdout })) {
  process.stdout.write(`tsc  ${line}\n`);
  if (demo === undefined && line.includes('Watching for file changes')) {
    // After the first compilation, so that the servers are not restarted by it.
    demo = start(['dist/sandbox/demo/main.js'], { DEMO_WATCH: '1' }, 'inherit');
    demo.once('exit', (code) => {
      process.exitCode = code ?? 1;
      stopCompiler();
    });
  }
}

function start(words, env, stdio) {
  // A group of its own: Ctrl-C reaches this process alone, which then ends both in order.
  return spawn(process.execPath, words, { cwd: root, env: { ...process.env, ...env }, stdio, detached: true });
}

/** The command starts a native program, which is in its group. */
function stopCompiler() {
  process.kill(-compiler.pid, 'SIGTERM');
}
