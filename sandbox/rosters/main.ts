// `node dist/sandbox/rosters/main.js [FOLDER]` writes the demo's rosters, by default to sandbox/rosters of the folder it
// is run in.
import { writeDemoRosters } from './make-rosters.ts';

await writeDemoRosters(process.argv[2] ?? 'sandbox/rosters');
