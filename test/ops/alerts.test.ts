// The monitoring files of deploy/: rules that promtool accepts and tests, a runbook section for each,
// and queries that name only existing metrics.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { createMetrics } from '../../src/ops/metrics.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(`${root}${file}`, 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
const groups: readonly { readonly rules: readonly Rule[] }[] = parse(read('deploy/prometheus/alerts.yaml')).groups;
const rules = groups.flatMap((group) => group.rules);

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly w: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}
const dashboard: { readonly panels: readonly Panel[] } = JSON.parse(read('deploy/grafana/dashboard.json'));
const queries = dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));

const promtool = (...words: readonly string[]) =>
  execFileSync('promtool', words, { cwd: `${root}deploy/prometheus`, encoding: 'utf8' });

/** Names with the endings that a histogram's series have. */
async function exposedNames(): Promise<ReadonlySet<string>> {
  const types = (await createMetrics().text()).matchAll(/^# TYPE (\w+) (\w+)$/gm);
  const names = [...types].flatMap(([, name = '', kind]) =>
    kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
  );
  return new Set([...names, 'up']);
}
const namedIn = (query: string): string[] => query.match(/\b(?:sso_bridge|process|nodejs)_\w+|\bup(?=\{)/g) ?? [];

describe('the alert rules', () => {
  it('are sound, and each rings when it should and not on a quiet day', () => {
    expect(promtool('check', 'rules', 'alerts.yaml')).toContain(`SUCCESS: ${rules.length} rules found`);
    expect(promtool('test', 'rules', 'alerts.test.yaml', 'alerts-week.test.yaml')).not.toContain('FAILED');
  });

  it('have each a test that makes them ring', () => {
    const tests = ['alerts', 'alerts-week'].flatMap((name) => parse(read(`deploy/prometheus/${name}.test.yaml`)).tests);
    const rung = tests.flatMap((test) =>
      Object(test)
        .alert_rule_test.filter((one: { exp_alerts: readonly unknown[] }) => one.exp_alerts.length > 0)
        .map((one: { alertname: string }) => one.alertname),
    );
    expect([...new Set(rung)].sort()).toEqual(rules.map(({ alert }) => alert).sort());
  });

  it('say whom they wake, and lead each to its own section of the runbook, and every section to a rule', () => {
    const sections = [...read('docs/runbook.md').matchAll(/^## ([A-Z]\w+)$/gm)].map(([, title]) => title);
    expect(sections.sort()).toEqual(rules.map(({ alert }) => alert).sort());
    for (const { alert, labels, annotations } of rules) {
      expect(['page', 'ticket']).toContain(labels.severity);
      expect(annotations.runbook).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
    }
  });

  it.each(rules.map(({ alert }) => alert))(
    'find in the runbook for %s what people feel, how to see it, what to do and the end',
    (alert) => {
      const section =
        read('docs/runbook.md')
          .split(/^## /m)
          .find((one) => one.startsWith(`${alert}\n`)) ?? '';
      for (const part of ['People', 'See', 'Do', 'Over'])
        expect(section).toMatch(new RegExp(`^\\*\\*${part}\\.\\*\\* \\S`, 'm'));
    },
  );

  it('name only metrics that are exposed', async () => {
    const names = await exposedNames();
    const unknown = rules.flatMap(({ expr }) => namedIn(expr)).filter((name) => !names.has(name));
    expect(unknown).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('asks only for metrics that are exposed, and for every one of the bridge', async () => {
    const names = await exposedNames();
    const asked = queries.flatMap(({ expr }) => namedIn(expr));
    expect(asked.filter((name) => !names.has(name))).toEqual([]);
    const shown = new Set(asked.map((name) => name.replace(/_(?:bucket|count|sum)$/, '')));
    const own = [...names].filter((name) => name.startsWith('sso_bridge_'));
    expect(own.filter((name) => !shown.has(name.replace(/_(?:bucket|count|sum)$/, '')))).toEqual([]);
  });

  it('has queries that Prometheus can parse', () => {
    const expressions = queries.map(({ expr }, at) => ({
      record: `panel:${at}`,
      expr: expr.replaceAll('$__rate_interval', '5m'),
    }));
    const folder = mkdtempSync(join(tmpdir(), 'sso-dashboard-'));
    const file = join(folder, 'queries.json');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: expressions }] }));
    try {
      expect(promtool('check', 'rules', file)).toContain(`SUCCESS: ${queries.length} rules found`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('has a row for each question, and panels that neither overlap nor hang over', () => {
    expect(dashboard.panels.filter(({ type }) => type === 'row').map(({ title }) => title)).toEqual([
      'Sign-ins',
      'Refusals by code',
      'Latency',
      'Store',
      'Clever',
      'Rosters',
      'Sessions',
      'Incidents',
      'Process',
    ]);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    for (const { gridPos } of dashboard.panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });
});
