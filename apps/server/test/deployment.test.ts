import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { parseJsonObject } from '@diptych/core';
import { Metrics } from '../src/http/metrics.ts';
import { readSettings, settingsSchema } from '../src/settings.ts';

const run = promisify(execFile);
const file = (path: string) => new URL(path, import.meta.url);

/** What is fenced in the document, by its language. */
let blocks: ReadonlyMap<string, string>;
/** `json path` of a document as text. */
const at = (value: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((inner, key) => (inner as Readonly<Record<string, unknown>> | undefined)?.[key], value);

beforeAll(async () => {
  const text = await readFile(file('../../../docs/deployment.md'), 'utf8');
  blocks = new Map(Array.from(text.matchAll(/```(\w+)\n(.*?)```/gs), ([, language, block]) => [language!, block!]));
});

function expectSetting(name: string): void {
  expect(Object.keys(settingsSchema.shape)).toContain(name);
}

function expectVariable(name: string): void {
  const setting = name.replace(/^DIPTYCH_/, '').toLowerCase();
  expectSetting(setting.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()));
}

describe('docs/deployment.md', () => {
  it('has a container that starts what the package has, with settings that it knows', async () => {
    const lines = blocks.get('dockerfile')!.trim().split('\n');
    const known = ['FROM', 'RUN', 'USER', 'ENV', 'EXPOSE', 'ENTRYPOINT'];
    expect(lines.map((line) => line.split(' ')[0])).toEqual(known);
    const [from, install, , env, expose, entry] = lines.map((line) => line.slice(line.indexOf(' ') + 1));
    const { name, bin, engines } = parseJsonObject(await readFile(file('../package.json')), 'package.json');
    const [, least] = /^>=(\d+)/.exec(String(at(engines, 'node')))!;
    expect(Number(/^node:(\d+)-slim$/.exec(from!)![1])).toBeGreaterThanOrEqual(Number(least));
    expect(install).toBe(`npm install --global ${String(name)}@latest`);
    const [command] = JSON.parse(entry!) as string[];
    expect(Object.keys(bin as object)).toEqual([command]);
    await access(file('../src/main.ts'));
    const variables = Object.fromEntries(env!.split(' ').map((one) => one.split('=') as [string, string]));
    for (const variable of Object.keys(variables)) if (variable !== 'HF_HOME') expectVariable(variable);
    const settings = await readSettings({}, variables);
    expect(settings).toMatchObject({ host: '0.0.0.0', model: ['/models/clip'], port: Number(expose) });
  });

  it('has a unit that systemd takes', async () => {
    const unit = blocks.get('ini')!;
    const of = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(unit)![1]!;
    const [command, flag] = of('ExecStart').split(' ');
    expect(command).toBe('/usr/bin/diptych-server');
    expect(flag).toBe('--config');
    expect(of('Environment')).toBe(`HF_HOME=/var/cache/${of('CacheDirectory')}`);
    const { deadline } = settingsSchema.shape;
    expect(1000 * Number(of('TimeoutStopSec'))).toBeGreaterThan(deadline.parse(undefined));
    const systemd = await access('/usr/bin/systemd-analyze').then(() => true, () => false); // prettier-ignore
    if (!systemd) return;
    const folder = await mkdtemp(join(tmpdir(), 'diptych-unit-'));
    try {
      const path = join(folder, 'diptych.service');
      await writeFile(path, unit.replace('/usr/bin/diptych-server', process.execPath));
      const { stdout, stderr } = await run('/usr/bin/systemd-analyze', ['verify', '--man=no', path]);
      expect((stdout + stderr).split('\n').filter((line) => line.includes('diptych.service'))).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('has manifests whose ports, paths, mounts and metric are those of the server', async () => {
    const documents = parseAllDocuments(blocks.get('yaml')!);
    expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
    const [deployment, scaler] = documents.map((one) => one.toJS() as unknown);
    expect([at(deployment, 'apiVersion'), at(deployment, 'kind')]).toEqual(['apps/v1', 'Deployment']);
    expect([at(scaler, 'apiVersion'), at(scaler, 'kind')]).toEqual(['autoscaling/v2', 'HorizontalPodAutoscaler']);
    const pod = at(deployment, 'spec.template');
    expect(at(pod, 'metadata.labels')).toEqual(at(deployment, 'spec.selector.matchLabels'));
    expect(at(scaler, 'spec.scaleTargetRef')).toEqual({
      apiVersion: at(deployment, 'apiVersion'),
      kind: at(deployment, 'kind'),
      name: at(deployment, 'metadata.name'),
    });
    const container = at(pod, 'spec.containers.0');
    expect((at(container, 'args') as string[])[0]).toBe('--config');
    const { port, deadline } = await readSettings({}, {});
    expect(at(container, 'ports.0.containerPort')).toBe(port);
    const annotations = at(pod, 'metadata.annotations') as Readonly<Record<string, string>>;
    expect(annotations['prometheus.io/port']).toBe(String(port));
    const source = await readFile(file('../src/app.ts'), 'utf8');
    const paths = ['startupProbe', 'readinessProbe', 'livenessProbe'].map((probe) => {
      expect(at(container, `${probe}.httpGet.port`)).toBe(port);
      return String(at(container, `${probe}.httpGet.path`));
    });
    for (const path of [...paths, annotations['prometheus.io/path']]) expect(source).toContain(`app.get('${path}'`);
    const names = (list: unknown) => (list as readonly { readonly name: string }[]).map(({ name }) => name);
    expect(names(at(container, 'volumeMounts'))).toEqual(names(at(pod, 'spec.volumes')));
    expect(1000 * Number(at(pod, 'spec.terminationGracePeriodSeconds'))).toBeGreaterThan(deadline);
    const metric = String(at(scaler, 'spec.metrics.0.pods.metric.name'));
    const { registry } = new Metrics(() => {
      throw new Error('not read');
    });
    expect(registry.getMetricsAsArray().map(({ name }) => name)).toContain(metric);
  });
});
