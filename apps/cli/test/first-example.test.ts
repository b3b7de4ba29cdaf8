import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeGolden, goldenJson, goldenPath } from '@diptych/golden';
import { beforeEach, expect, it, vi } from 'vitest';
import { commitOf, type Files, type TestHub, withHub } from './hub-server.ts';
import { jsonLines, runCli } from './run-cli.ts';

const model = 'laion/CLIP-ViT-B-32-laion2B-s34B-b79K';
const kind = 'zoo/kinds/dual-laion';

/** The files of the repository, as they are laid out on the hub. */
async function repository(): Promise<Files> {
  const names = (await readdir(goldenPath(kind))).filter((name) => !['expected.json', 'tree.txt'].includes(name));
  const files = names.map(async (name) => [name, await readFile(goldenPath(`${kind}/${name}`))] as const);
  return Object.fromEntries(await Promise.all(files));
}

interface Expected {
  readonly texts: readonly string[];
  readonly text: readonly (readonly number[])[];
}

async function expectEmbeds(): Promise<void> {
  const { texts, text } = await goldenJson<Expected>(`${kind}/expected.json`);
  const run = await runCli(['embed', '--model', model, '--modality', 'text', ...texts]);
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const rows = jsonLines<{ readonly embedding: readonly number[] }>(run);
  text.forEach((row, i) => {
    const length = Math.hypot(...row);
    row.forEach((value, j) => expect(rows[i]!.embedding[j]).toBeCloseTo(value / length, 6));
  });
}

describeGolden("the README's first model", () => {
  let files: Files;
  let hub: TestHub;
  beforeEach(async () => {
    files = await repository();
  });
  const fetched = () => hub.requests.flatMap((url) => /\/resolve\/\w+\/(.+)$/.exec(url)?.[1] ?? []).toSorted();
  const needed = [
    'open_clip_config.json',
    'open_clip_model.safetensors',
    'special_tokens_map.json',
    'tokenizer.json',
    'tokenizer_config.json',
  ];

  it('is embedded with, of four files of weights only one fetched', async () => {
    hub = await withHub({ [model]: files });
    await expectEmbeds();
    expect(fetched()).toEqual(needed);
  });

  const downloaded = async () => {
    files = { ...files, 'README.md': '---\nlicense: mit\n---\n' };
    hub = await withHub({ [model]: files });
    return runCli(['download', model]);
  };

  it('downloaded, is whole in the cache and opens offline', async () => {
    const run = await downloaded();
    const folder = join(hub.cache, `models--${model.replace('/', '--')}`, 'snapshots', commitOf(files));
    expect(run).toEqual({ code: 0, stdout: `${folder}\n`, stderr: '' });
    expect((await readdir(folder)).toSorted()).toEqual(['README.md', ...needed]);
    hub.requests.splice(0);
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    await expectEmbeds();
    expect(hub.requests).toEqual([]);
  });

  it('downloaded, opens when the hub is dead', async () => {
    await downloaded();
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9');
    await expectEmbeds();
  });

  it('that would not open is refused before its weights are fetched', async () => {
    const config = String(files['open_clip_config.json']).replace('"width": 12', '"width": 13');
    hub = await withHub({ [model]: { ...files, 'open_clip_config.json': config } });
    const { code, stderr } = await runCli(['download', model]);
    expect([code, stderr]).toEqual([2, expect.stringContaining('CONFIG_INVALID')]);
    expect(fetched()).toEqual(['open_clip_config.json']);
  });
});
