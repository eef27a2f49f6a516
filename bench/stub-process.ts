// Starts the stub of Clever as a process of its own, so that its signing does not slow the measurement, and turns its
// switches over HTTP.
import { join } from 'node:path';
import type { SwitchSettings } from '../sandbox/clever/switches.ts';
import { startChild } from '../sandbox/demo/child.ts';
import { findRoot } from '../sandbox/demo/find-root.ts';
import type { StubOptions } from './stub-clever.ts';

export interface StubProcess {
  readonly url: string;
  /** Replaces all switches. @throws Error when it is not understood */
  turn(settings: SwitchSettings & { readonly rotateKey?: true; readonly refuseMs?: number }): Promise<void>;
  stop(): Promise<void>;
}

/** Needs the build. */
export async function startStubProcess(options: StubOptions): Promise<StubProcess> {
  const { port = 0, clientId, clientSecret, takesSecretInForm = false } = options;
  let url = '';
  const isReady = (line: string) => {
    const [, found] = /^\{"url":"([^"]+)"\}$/.exec(line) ?? [];
    // It may say more later, such as a warning.
    url = found ?? url;
    return found !== undefined;
  };
  const env = {
    PORT: `${port}`,
    CLIENT_ID: clientId,
    CLIENT_SECRET: clientSecret,
    SECRET_IN_FORM: takesSecretInForm ? 'on' : 'off',
  };
  // The stub has a process group of its own, so it would outlive an interrupted measurement.
  const abandon = () => void child.stop();
  const child = await startChild(join(findRoot(), 'dist', 'bench', 'stub-clever-main.js'), [], env, isReady);
  process.once('exit', abandon);
  return {
    url,
    async turn(settings) {
      const init = { method: 'PUT', body: JSON.stringify(settings) };
      const { status } = await fetch(`${url}/sandbox/switches`, init);
      if (status !== 200) throw new Error(`the stub answered ${status}`);
    },
    stop() {
      process.off('exit', abandon);
      return child.stop();
    },
  };
}
