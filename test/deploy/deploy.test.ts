// deploy/: what can be said of its files without a cluster, a Docker daemon or a proxy.
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { settingNames } from '../../src/config/config.ts';
import { secretNames } from '../../src/config/gather-settings.ts';

const run = promisify(execFile);
const read = (path: string) => readFileSync(join('deploy', path), 'utf8');
const known = new Set([...settingNames, ...secretNames.map((name) => `${name}_FILE`)]);

/** Needed by `serve` in production, as a value or as a file. */
const required = ['PUBLIC_URL', 'PRODUCT_URL', 'CLEVER_CLIENT_ID', 'CLEVER_CLIENT_SECRET', 'STORE_KEYS', 'STORE_URL'];

function expectSettings(names: readonly string[]): void {
  expect(names.filter((name) => !known.has(name))).toEqual([]);
  expect(required.filter((name) => !names.includes(name) && !names.includes(`${name}_FILE`))).toEqual([]);
}

const namesIn = (text: string) =>
  [...text.matchAll(/^(?:Environment=)?([A-Z][A-Z_]+)=/gm)].map(([, name]) => `${name}`);

describe('systemd', () => {
  const unit = read('systemd/sso-bridge.service');

  it('takes the unit, and has nothing to say of it', async () => {
    // Where node is on the machine of the test is not what the unit is about.
    const { stderr, stdout } = await run('systemd-analyze', ['verify', 'deploy/systemd/sso-bridge.service']).catch(
      (failure) => failure,
    );
    const lines = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('sso-bridge.service'));
    expect(lines.filter((line) => !line.includes('/usr/bin/node is not executable'))).toEqual([]);
  });

  it('has the settings that production needs, and no other', () => {
    const names = [...namesIn(unit).filter((name) => name !== 'NODE_ENV'), ...namesIn(read('systemd/bridge.env'))];
    expectSettings(names);
  });

  it('gives a command the secrets that the service has', async () => {
    const script = 'deploy/systemd/sso-bridge';
    await run('sh', ['-n', script]);
    const secrets = (text: string) => [...text.matchAll(/\/etc\/sso-bridge\/secrets\/[a-z-]+/g)].map(String).sort();
    expect(secrets(read('systemd/sso-bridge'))).toEqual(secrets(unit.replace(/^#.*/gm, '')));
  });
});

describe('compose', () => {
  const { services, volumes, secrets } = parse(read('compose/docker-compose.yaml'));

  it('has the settings that production needs, and no other', () => {
    expectSettings(Object.keys(services.bridge.environment));
    for (const name of services.bridge.secrets)
      expect(Object.values(services.bridge.environment)).toContain(`/run/secrets/${name}`);
  });

  it('names volumes, secrets and files that are there', () => {
    for (const service of Object.values<{ volumes?: string[]; secrets?: string[] }>(services)) {
      for (const name of service.secrets ?? []) expect(Object.keys(secrets)).toContain(name);
      for (const [from = ''] of (service.volumes ?? []).map((volume) => volume.split(':')))
        if (from.startsWith('.')) expect([from, existsSync(join('deploy/compose', from))]).toEqual([from, true]);
        else expect(Object.keys(volumes)).toContain(from);
    }
  });

  it('gives Prometheus the alerts and the operator’s port of the bridge', () => {
    const { scrape_configs, rule_files } = parse(read('compose/prometheus/prometheus.yaml'));
    expect(scrape_configs[0].static_configs[0].targets).toEqual(['bridge:9464']);
    const mounted = services.prometheus.volumes.map((volume: string) => volume.split(':')[1]);
    expect(mounted).toEqual(expect.arrayContaining(rule_files));
  });
});

describe('kubernetes', () => {
  const files = readdirSync('deploy/kubernetes');
  const documents = new Map(files.map((file) => [file, parse(read(`kubernetes/${file}`))]));
  const { spec: deployment } = documents.get('deployment.yaml');
  const [container] = deployment.template.spec.containers;

  it('lists each of its files', () => {
    const { resources } = documents.get('kustomization.yaml');
    expect([...resources, 'kustomization.yaml'].sort()).toEqual(files.sort());
  });

  it('has the settings that production needs, and no other', () => {
    expectSettings(container.env.map(({ name }: { name: string }) => name));
  });

  it('selects the pods by one label everywhere, and probes ports that the container has', () => {
    const labels = deployment.template.metadata.labels;
    expect(deployment.selector.matchLabels).toEqual(labels);
    expect(documents.get('service.yaml').spec.selector).toEqual(labels);
    expect(documents.get('disruption-budget.yaml').spec.selector.matchLabels).toEqual(labels);
    expect(documents.get('network-policy.yaml').spec.podSelector.matchLabels).toEqual(labels);
    const ports = container.ports.map(({ name }: { name: string }) => name);
    for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe'])
      expect(ports).toContain(container[probe].httpGet.port);
    const mounts = container.volumeMounts.map(({ name }: { name: string }) => name);
    expect(deployment.template.spec.volumes.map(({ name }: { name: string }) => name).sort()).toEqual(mounts.sort());
  });

  it('waits longer than a bridge drains', () => {
    const delay = container.env.find(({ name }: { name: string }) => name === 'DRAIN_DELAY').value;
    expect(deployment.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(Number.parseInt(delay, 10) + 15);
  });
});

it('keeps connections to the bridge for a shorter time than the bridge does, in both proxies', () => {
  const server = readFileSync('src/http/kit/app-server.ts', 'utf8');
  const kept = Number(/keepAliveTimeout: (\d+)_000/.exec(server)?.[1]);
  expect(Number(/keepalive_timeout (\d+)s/.exec(read('proxy/nginx.conf'))?.[1])).toBeLessThan(kept);
  const envoy = parse(read('proxy/envoy.yaml'));
  const options = Object.values<{ common_http_protocol_options: { idle_timeout: string } }>(
    envoy.static_resources.clusters[0].typed_extension_protocol_options,
  );
  expect(
    options.map(
      ({ common_http_protocol_options }) => Number.parseInt(common_http_protocol_options.idle_timeout, 10) < kept,
    ),
  ).toEqual([true]);
});

describe('the image', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8');
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = '']) => files.split(' '));

  it('copies from the checkout what its build context has, and nothing else', () => {
    const context = [...readFileSync('.dockerignore', 'utf8').matchAll(/^!(.+)$/gm)].map(([, file]) => file);
    expect([...new Set(copied)].sort()).toEqual(context.sort());
  });

  it('has every script that the build runs, and those that they import', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
    const run = [...scripts.build.matchAll(/scripts\/[\w-]+\.js/g)].map(([file]) => file);
    const imported = run.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(/from '\.\/([\w-]+\.js)'/g)].map(([, name]) => `scripts/${name}`),
    );
    expect(run.length).toBeGreaterThan(0);
    expect(copied).toEqual(expect.arrayContaining([...run, ...imported]));
  });
});
