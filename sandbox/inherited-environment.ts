// What a process that is started with settings of its own has of this one's environment: where programs and temporary files
// are. The run of the tests finds by TMPDIR what it started.

export function inheritedEnvironment(): Readonly<Record<string, string>> {
  const { PATH = '', TMPDIR } = process.env;
  return { PATH, ...(TMPDIR === undefined ? {} : { TMPDIR }) };
}
