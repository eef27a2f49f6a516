// Makes the built command executable, so that `npx sso-bridge …` and a plain path both run it.
import { chmodSync } from 'node:fs';

chmodSync(new URL('../dist/src/main.js', import.meta.url), 0o755);
