// Watches that no log line holds what must not leave: names, addresses, ids at Clever, codes, states, tokens, secrets.
import type { Person } from '../../sandbox/clever/person.ts';
import { type Answer, readSetCookie } from './bridge-client.ts';
import type { Environment } from './bridge-process.ts';

export interface LeakWatch {
  /** Remembers the codes, states and tokens that passed by. */
  learn(answer: Answer): void;
  /** @throws Error with the line's event, if a line holds any of them */
  check(lines: readonly string[]): void;
}

/** Random characters, which may contain a short id or name of the test's people by chance. */
const madeIds = /"(?:request_id|trace_id|reference)":"(?:[0-9a-f-]{32,36}|[0-9A-Z]{8})"/g;

const secretSettings = ['CLEVER_CLIENT_SECRET', 'CLEVER_SECURE_SYNC_CLIENT_SECRET', 'STORE_KEYS'];

export function createLeakWatch(people: readonly Person[], env: Environment): LeakWatch {
  const secrets = new Set(secretSettings.flatMap((name) => env[name] ?? []));
  for (const { id, legacyId, email } of people)
    for (const one of [id, legacyId, email?.trim()]) if (one) secrets.add(one);
  const names = new Set(people.flatMap(({ givenName, familyName }) => [givenName, familyName]).filter(Boolean));
  const saysName = new RegExp(`(?<![\\p{L}-])(${[...names].join('|')})(?![\\p{L}-])`, 'u');
  const secretParameters = ['code', 'state', 'nonce', 'code_challenge'];

  return {
    learn({ url, location, headers }) {
      for (const address of [url, location]) {
        for (const name of secretParameters) {
          const value = address?.searchParams.get(name);
          if (value && value.length >= 16) secrets.add(value);
        }
      }
      for (const line of headers.getSetCookie()) {
        const { value = '' } = readSetCookie(line);
        if (value.length >= 16) secrets.add(value);
      }
    },
    check(lines) {
      for (const whole of lines) {
        const line = whole.replace(madeIds, '');
        const found = [...secrets].find((secret) => line.includes(secret)) ?? saysName.exec(line)?.[0];
        if (found !== undefined) throw new Error(`A log line holds ${JSON.stringify(found)}: ${line}`);
        if (/\S@\S+\.\S|\beyJ|\bat \S+ \(/.test(line))
          throw new Error(`A log line holds an address, token or stack: ${line}`);
      }
    },
  };
}
