// The one-line descriptions of the commands.

/** In the order of the list. */
export const commandList = {
  serve: 'run the bridge, until SIGTERM or SIGINT',
  district: 'the districts that sign in here',
  roster: 'check, publish and look after rosters',
  sync: 'bring Secure Sync districts up to date from Clever, through the same guard as every roster',
  clever: 'what Clever knows of the bridge',
  preflight: 'who will get in, who will not and why, before anyone clicks; changes nothing',
  attempts: 'find failed sign-ins, newest first',
  person: 'one person in order: last success, failures, roster and link changes',
  trail: 'what staff looked at and did, newest first',
  link: 'which Clever id an account is linked to',
  attempt: 'failed sign-ins that were recorded',
  session: 'sessions of people who are signed in',
  keys: 'the keys that sign session tokens',
  credential: 'what programs show to be let in',
  client: 'products that sign people in here by OpenID Connect',
  store: 'the store as a whole: docs/backup.md',
} as const;
