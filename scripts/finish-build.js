// Makes the built command executable, so that a plain path and `npx sso-bridge …` both run it, and writes its software bill of
// materials: dist/sbom.cdx.json.
import { chmodSync, writeFileSync } from 'node:fs';
import { readSbom } from './read-sbom.js';

chmodSync(new URL('../dist/bridge/main.js', import.meta.url), 0o755);
writeFileSync(new URL('../dist/sbom.cdx.json', import.meta.url), `${JSON.stringify(readSbom(), undefined, 2)}\n`);
