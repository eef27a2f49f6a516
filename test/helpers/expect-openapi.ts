// Compares an answer with openapi.yaml: the route, the status, the body and the headers.
// For every test that gets an answer; has no routes of its own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { root } from './bridge-build.ts';

export interface SeenAnswer {
  readonly status: number;
  /** Of fetch, or of node:http and supertest. */
  readonly headers: Headers | Readonly<Record<string, string | readonly string[] | undefined>>;
  /** The text as it came. */
  readonly body: string;
}

interface Described {
  readonly headers?: Readonly<Record<string, Reference>>;
  readonly content?: Readonly<Record<string, unknown>>;
}
interface Reference {
  readonly $ref?: string;
  readonly required?: boolean;
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Responses }>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>;
}
type Responses = Readonly<Record<string, Described & Reference>>;

/** Headers that mean something to the caller: one that is not described must not be sent. */
const telling = ['allow', 'content-language', 'location', 'retry-after', 'set-cookie', 'www-authenticate'];

const text = readFileSync(join(root, 'openapi.yaml'), 'utf8');
export const openApi: Document = parse(text);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(openApi, 'openapi.yaml');
const validators = new Map<string, ValidateFunction>();

/**
 * @param path with or without query; one that is not described must be answered with 404, a method that it does not have
 *   with 405
 * @throws Error that names what the document does not allow
 */
export function expectOpenApi(method: string, path: string, answer: SeenAnswer): void {
  const where = new URL(path, 'http://bridge.invalid').pathname;
  const operation = findOperation(method, where);
  const about = `${method} ${where} -> ${answer.status}`;
  if (operation === undefined) {
    const template = findPath(where);
    if (answer.status !== (template === undefined ? 404 : 405))
      throw new Error(`${about}: this route is not in openapi.yaml`);
    if (template === undefined) return;
  }
  const pointer = resolve(`${operation ?? findOtherOperation(where)}/responses/${answer.status}`);
  if (pointer === undefined) throw new Error(`${about}: this status is not in openapi.yaml`);
  checkHeaders(about, pointer, answer.headers);
  checkContent(about, pointer, answer, method);
}

/** A JSON pointer to the operation; HEAD is answered as GET is, where it is not listed. */
function findOperation(method: string, path: string): string | undefined {
  const verbs = method === 'HEAD' ? ['head', 'get'] : [method.toLowerCase()];
  const template = findPath(path);
  const verb = verbs.find((each) => openApi.paths[template ?? '']?.[each] !== undefined);
  return template === undefined || verb === undefined ? undefined : `/paths/${toStep(template)}/${verb}`;
}

/** Any operation of the path but HEAD: each describes alike how another method is answered. */
const findOtherOperation = (path: string): string => {
  const template = findPath(path) ?? '';
  const verb = Object.keys(openApi.paths[template] ?? {}).find((each) => /^(get|post|put|delete|patch)$/.test(each));
  return `/paths/${toStep(template)}/${verb}`;
};

const findPath = (path: string): string | undefined => (openApi.paths[path] === undefined ? findTemplate(path) : path);

/** `/districts/{id}` for `/districts/juniper-flats`. */
const findTemplate = (path: string): string | undefined =>
  Object.keys(openApi.paths).find((each) => {
    const steps = each.split('/');
    const given = path.split('/');
    return steps.length === given.length && steps.every((step, index) => step.startsWith('{') || step === given[index]);
  });

function checkHeaders(about: string, pointer: string, headers: SeenAnswer['headers']): void {
  const described = Object.keys(read<Described>(pointer)?.headers ?? {});
  for (const name of described) {
    const at = resolve(`${pointer}/headers/${toStep(name)}`);
    const values = valuesOf(headers, name);
    if (at !== undefined && read<Reference>(at)?.required === true && values.length === 0)
      throw new Error(`${about}: the header ${name} is missing`);
    for (const value of values) check(`${about}: header ${name}`, `${at}/schema`, value);
  }
  const known = new Set(described.map((name) => name.toLowerCase()));
  const unknown = telling.find((name) => !known.has(name) && valuesOf(headers, name).length > 0);
  if (unknown !== undefined) throw new Error(`${about}: the header ${unknown} is not in openapi.yaml`);
}

function checkContent(about: string, pointer: string, { status, headers, body }: SeenAnswer, method: string): void {
  const types = Object.keys(read<Described>(pointer)?.content ?? {});
  if (method === 'HEAD' || types.length === 0) {
    if (body !== '') throw new Error(`${about}: openapi.yaml allows no body`);
    return;
  }
  const type = (valuesOf(headers, 'content-type')[0] ?? '').split(';')[0]?.trim() ?? '';
  // The text of a redirect depends on Accept (RFC 9110 section 15.4).
  if (status >= 300 && status < 400 && type === '' && body === '') return;
  if (!types.includes(type)) throw new Error(`${about}: content of type "${type}" is not in openapi.yaml`);
  const value: unknown = /[/+]json$/.test(type) ? JSON.parse(body) : body;
  check(`${about}: body`, `${pointer}/content/${toStep(type)}/schema`, value);
}

function check(about: string, pointer: string, value: unknown): void {
  const validate = validators.get(pointer) ?? ajv.compile({ $ref: `openapi.yaml#${encodeURI(pointer)}` });
  validators.set(pointer, validate);
  if (!validate(value)) throw new Error(`${about}: ${ajv.errorsText(validate.errors)}`);
}

function valuesOf(headers: SeenAnswer['headers'], name: string): readonly string[] {
  if (headers instanceof Headers) {
    if (name.toLowerCase() === 'set-cookie') return headers.getSetCookie();
    const value = headers.get(name);
    return value === null ? [] : [value];
  }
  return [headers[name.toLowerCase()] ?? []].flat();
}

/** Follows the $ref at a pointer, if there is one. */
function resolve(pointer: string): string | undefined {
  const found = read<Reference>(pointer);
  return found?.$ref === undefined ? found && pointer : found.$ref.slice(1);
}

function read<Found>(pointer: string): Found | undefined {
  const steps = pointer.split('/').slice(1).map(toName);
  return steps.reduce<unknown>((at, step) => Object(at)[step], openApi) as Found | undefined;
}

const toStep = (name: string) => name.replaceAll('~', '~0').replaceAll('/', '~1');
const toName = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~');
