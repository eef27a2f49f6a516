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

/** Faults, fuzz, measuring tools, other languages and a real browser: what takes minutes, for `npm run test:full`. */
const long =
  '/test/(bench/(?!budget)|e2e/(browser-|district-morning|support-pages|crash-|faults|clever-faults|store-|thousand|workers)|deploy/rehearsal|examples/(languages|forward-auth)|fuzz/|roster/publish-crash|sftp-drop/crash|http/pages/(accessibility|staff-pages|second-person-pages|support-pages))';

/** Tests of the whole: built processes, Redis servers, OpenSSH, promtool. */
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
