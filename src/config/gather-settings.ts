// Collects settings: the environment over config/<NODE_ENV>.json over config/default.json, and files that hold a secret
// (NAME_FILE). config.ts validates them. Problems never repeat the content of a file.
import { closeSync, existsSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ConfigProblem {
  /** The setting's name, or the file's. */
  readonly setting: string;
  /** The problem, phrased to follow the name. */
  readonly message: string;
}

/** One file of config/: texts as in the environment; null removes a value of a lower layer. */
export type Layer = Readonly<Record<string, unknown>>;

/** A file of config/ that cannot be read. */
export class BrokenLayer implements ConfigProblem {
  readonly setting: string;
  readonly message: string;
  constructor(file: string, message: string) {
    this.setting = file;
    this.message = message;
  }
}

export interface GatheredSettings {
  readonly values: Record<string, string>;
  readonly problems: readonly ConfigProblem[];
  /** Unknown names that resemble settings of the bridge: a misspelled setting would otherwise have no effect. */
  readonly unknown: readonly string[];
}

/** Settings that hold a secret; NAME_FILE can name a file with the value. */
export const secretNames = [
  'CLEVER_CLIENT_SECRET',
  'CLEVER_SECURE_SYNC_CLIENT_SECRET',
  'STAFF_CLIENT_SECRET',
  'STORE_KEYS',
  'STORE_URL',
  'STORE_SENTINEL_PASSWORD',
  'OTEL_EXPORTER_OTLP_HEADERS',
  'OTEL_EXPORTER_OTLP_TRACES_HEADERS',
] as const;

/** Settings of a store; the target of a move has its own, as NAME_TO and NAME_TO_FILE: move-config.ts. */
export const movedNames = [
  'STORE_URL',
  'STORE_KEYS',
  'STORE_TLS_CA',
  'STORE_TLS_CERT',
  'STORE_TLS_KEY',
  'STORE_TLS_SERVERNAME',
  'STORE_SENTINEL_USERNAME',
  'STORE_SENTINEL_PASSWORD',
] as const;

const largestSecretBytes = 65_536;
const ownPrefix = /^(CLEVER|STORE|SESSION|STAFF|OTEL)_/;

/** @param root the folder that holds config/ */
export function readLayers(root: string, environmentName = 'development'): (Layer | BrokenLayer)[] {
  const names = ['default', environmentName].filter((name) => /^\w+$/.test(name));
  return names.flatMap((name) => {
    const path = join(root, 'config', `${name}.json`);
    return existsSync(path) ? [readLayer(path, `config/${name}.json`)] : [];
  });
}

function readLayer(path: string, file: string): Layer | BrokenLayer {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (failure) {
    return new BrokenLayer(file, `cannot be read (${Object(failure).code ?? 'unknown'})`);
  }
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return Object.fromEntries(Object.entries(parsed));
  } catch (failure) {
    // The parser's message repeats a part of the file, which may be a secret.
    const position = /at position (\d+)/.exec(Object(failure).message)?.[1];
    const line = position === undefined ? undefined : text.slice(0, Number(position)).split('\n').length;
    return new BrokenLayer(file, `is not valid JSON${line === undefined ? '' : ` (line ${line})`}`);
  }
  return new BrokenLayer(file, 'must be one JSON object of names and texts');
}

/**
 * @param layers lowest first; an empty text in the environment counts as not set
 * @param known the names of all settings
 * @param environmentOnly names that a library reads, from the environment only
 */
export function gatherSettings(
  environment: Environment,
  layers: readonly (Layer | BrokenLayer)[],
  known: readonly string[],
  environmentOnly: readonly string[] = [],
): GatheredSettings {
  const fromEnvironment = Object.entries(environment).filter(([, value]) => value !== undefined && value !== '');
  const ofLibraries = new Set(environmentOnly);
  const broken = layers.filter((layer) => layer instanceof BrokenLayer);
  const readable = layers.filter((layer): layer is Layer => !(layer instanceof BrokenLayer));
  const merged: Record<string, unknown> = Object.assign({}, ...readable, Object.fromEntries(fromEnvironment));
  const values: Record<string, string> = {};
  const problems: ConfigProblem[] = [...broken];
  for (const [name, value] of Object.entries(merged)) {
    if (typeof value === 'string') values[name] = value;
    else if (value !== null && value !== undefined)
      problems.push({ setting: name, message: 'must be text in double quotes in config/' });
  }
  const sources = [Object.fromEntries(fromEnvironment), ...readable.toReversed()];
  for (const name of secretNames) {
    const found = readSecretFile(name, sources);
    if (found.kind === 'value') values[name] = found.value;
    if (found.kind === 'problem') {
      delete values[name];
      problems.push({ setting: found.setting, message: found.message });
    }
  }
  const isKnown = new Set([...known, ...secretNames.map((name) => `${name}_FILE`)]);
  const unknown = [
    ...fromEnvironment.map(([name]) => name).filter((name) => ownPrefix.test(name) && !ofLibraries.has(name)),
    ...readable.flatMap(Object.keys),
  ].filter((name) => !isKnown.has(name));
  return { values, problems, unknown: [...new Set(unknown)] };
}

type SecretFile =
  | { readonly kind: 'none' }
  | { readonly kind: 'value'; readonly value: string }
  | ({ readonly kind: 'problem' } & ConfigProblem);

/** The highest source that has the setting decides whether its text or its file counts. */
function readSecretFile(name: string, sources: readonly Layer[]): SecretFile {
  const fileName = `${name}_FILE`;
  const source = sources.find((layer) => (layer[name] ?? layer[fileName]) !== undefined);
  const path = source?.[fileName];
  if (typeof path !== 'string') return { kind: 'none' };
  const problem = (message: string): SecretFile => ({ kind: 'problem', setting: fileName, message });
  if (typeof source?.[name] === 'string') return problem(`and ${name} are both set: set one of them`);
  try {
    const text = readBounded(path);
    if (text === undefined) return problem(`names a file of more than ${largestSecretBytes} bytes`);
    // Editors and `echo` add a final line break.
    const value = text.replace(/\r?\n$/, '');
    return value === '' ? problem('names an empty file') : { kind: 'value', value };
  } catch (failure) {
    return problem(`names a file that cannot be read (${Object(failure).code ?? 'unknown'})`);
  }
}

/** Undefined for a file above the limit, even if the system does not report its size, as for a pipe. */
function readBounded(path: string): string | undefined {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(largestSecretBytes + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read)
      read = readSync(file, buffer, length, buffer.length - length, null);
    return length > largestSecretBytes ? undefined : buffer.toString('utf8', 0, length);
  } finally {
    closeSync(file);
  }
}
