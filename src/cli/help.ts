// The lines of the commands in the list, and what --help adds to each: its required options, and an example.
import type { Command, Help, Option } from 'commander';

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

/** By the words of the command. */
const examples: Readonly<Record<string, string>> = {
  serve: 'NODE_ENV=production sso-bridge serve',
  'district put':
    'sso-bridge district put juniper-flats --clever-id 0123456789abcdef01234567 --name "Juniper Flats" --rostering sftp',
  'district list': 'sso-bridge district list --json',
  'district show': 'sso-bridge district show juniper-flats',
  'district remove': 'sso-bridge district remove juniper-flats --reason "left Summit K12"',
  'roster check': 'sso-bridge roster check ./export --district juniper-flats --method sftp',
  'roster publish': 'sso-bridge roster publish students.xlsx --district juniper-flats --method manual',
  'roster template': 'sso-bridge roster template students.xlsx --kind student',
  'roster status': 'sso-bridge roster status --district juniper-flats',
  'roster approve': 'sso-bridge roster approve --district juniper-flats --reason "a school closed"',
  'roster rollback': 'sso-bridge roster rollback --district juniper-flats --reason "the export was of last year"',
  sync: 'sso-bridge sync --district juniper-flats',
  'clever check': 'sso-bridge clever check --district juniper-flats',
  preflight: 'sso-bridge preflight clever-export.csv --district juniper-flats --out not-matching.csv',
  attempts: 'sso-bridge attempts --district juniper-flats --since 24h --code email_mismatch',
  person:
    'sso-bridge person --district juniper-flats --account 00000000-0000-8000-8000-000000000000 --reason "ticket 7"',
  trail: 'sso-bridge trail --limit 20',
  'link release':
    'sso-bridge link release --district juniper-flats --account 00000000-0000-8000-8000-000000000000 --reason "ticket 7"',
  'link move': 'sso-bridge link move --district juniper-flats --map ids.csv --reason "new student information system"',
  'attempt purge': 'sso-bridge attempt purge --reason "a flood of made-up ones"',
  'session end': 'sso-bridge session end --district juniper-flats --all --reason "a lost cart of tablets"',
  'keys list': 'sso-bridge keys list',
  'keys rotate': 'sso-bridge keys rotate',
  'keys vectors': 'sso-bridge keys vectors --audience https://app.example.org --out vectors.json',
  'credential create': 'sso-bridge credential create --scope product --name "Main product" --expires-in-days 365',
  'credential list': 'sso-bridge credential list',
  'credential revoke': 'sso-bridge credential revoke 0123456789abcdef',
  'client put':
    'sso-bridge client put reading-coach --redirect-uri https://coach.example/callback --initiate-login-uri https://coach.example/login --scopes openid,profile',
  'client list': 'sso-bridge client list --json',
  'client show': 'sso-bridge client show reading-coach',
  'client rotate': 'sso-bridge client rotate reading-coach',
  'client remove': 'sso-bridge client remove reading-coach --reason "the product was retired"',
  'store backup': 'sso-bridge store backup /var/backups/sso-bridge',
  'store migrate': 'sso-bridge store migrate --from embedded:/data/store --to redis://redis.internal:6379/0',
  'store export': 'sso-bridge store export /mnt/transfer/store',
  'store import': 'STORE_URL=redis://redis.internal:6379/0 sso-bridge store import /mnt/transfer/store',
  'store escrow': 'sso-bridge store escrow --out escrow.jwe',
  'store recover': 'sso-bridge store recover escrow.jwe --key /media/usb/escrow-private.pem',
  'store check': 'sso-bridge store check --json',
  'store restored': 'sso-bridge store restored --keep-all-credentials',
  completion: 'sso-bridge completion bash > /etc/bash_completion.d/sso-bridge',
};

/** @param command of the program, or the program itself */
export function addHelp(command: Command): void {
  command.configureHelp({ optionDescription });
  const example = examples[wordsOf(command).join(' ')];
  if (example !== undefined) command.addHelpText('after', `\nExample:\n  ${example}`);
}

/** Without the program's own name. */
function wordsOf(command: Command): string[] {
  return command.parent === null ? [] : [...wordsOf(command.parent), command.name()];
}

function optionDescription(this: Help, option: Option): string {
  const described = [
    ...(option.mandatory ? ['required'] : []),
    ...(option.argChoices === undefined ? [] : [`one of: ${option.argChoices.join(', ')}`]),
    ...(option.defaultValue === undefined ? [] : [`default: ${option.defaultValueDescription ?? option.defaultValue}`]),
  ];
  return described.length === 0 ? option.description : `${option.description} (${described.join('; ')})`;
}
