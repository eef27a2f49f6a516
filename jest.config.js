/** ES modules all the way: openid-client and jose cannot be loaded through a CommonJS transform. */
const shared = {
  testEnvironment: 'node',
  // The folder for temporary files is another one in each run: scripts/run-clean.js.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', tsx: true },
          transform: { react: { runtime: 'automatic', importSource: 'preact' } },
        },
        module: { type: 'es6' },
      },
    ],
  },
};

/** End to end in `npm test`: the bundle, people to where they must end, sessions, OpenID Connect, Secure Sync, starts and stops. */
const mainPaths = ['bundle', 'oidc', 'people', 'running', 'secure-sync', 'session'];

/** What takes minutes, for `npm run test:full`. */
const longTests = [
  // The rest of what is tried end to end: faults, crashes, moves, commands, every way in, a browser.
  `e2e/(?!(${mainPaths.join('|')})\\.)`,
  // A browser.
  'http/pages/(accessibility|reached-by-keys|staff-pages|second-person-pages|support-pages)',
  // Measuring tools.
  'bench/(?!budget)',
  // Other programs: nginx, other languages, a real sshd, Redis in its forms, npm.
  'deploy/rehearsal',
  'examples/(forward-auth|languages|products)',
  'scripts/run-clean',
  'sftp-drop/sftp',
  'store/redis/(redis-certificates|redis-reasons|redis-replica|redis-topology)',
  'verifier/package',
  // Faults and crashes, fuzz, and properties over many thousands of random inputs.
  'clever/never-throws',
  'formats/same-accounts',
  'formats/spreadsheet/spreadsheet-attacks',
  'fuzz/',
  'roster/(publish-crash|publish-model|retire-model|same-accounts)',
  'sftp-drop/crash',
  'sign-in/no-other-account',
  'store/(busy-day|lmdb/full-disk|move/move-store)',
  // What large rosters and logs cost.
  'http/support/page-reads',
  'secure-sync/memory',
];
const long = `/test/(${longTests.join('|')})`;

/** Tests of the whole: built processes, Redis servers, promtool. */
const whole = '/test/(cli|e2e|http/pages|http/support|ops/alerts|sandbox|secure-sync|sftp-drop|store|verifier)[/.]';

/** Each test belongs to one of the three. CI runs all, and `fast` again on the Node of the image. */
export default {
  // Generous, so that no test fails only because the machine is busy. Jest takes it from here, not from a project.
  testTimeout: 180_000,
  projects: [
    {
      ...shared,
      displayName: 'fast',
      testRegex: '\\.test\\.tsx?$',
      testPathIgnorePatterns: [long, whole, '/node_modules/'],
    },
    {
      ...shared,
      displayName: 'whole',
      testRegex: `${whole}.*test\\.tsx?$`,
      testPathIgnorePatterns: [long, '/node_modules/'],
    },
    { ...shared, displayName: 'long', testRegex: `${long}.*test\\.tsx?$` },
  ],
};
