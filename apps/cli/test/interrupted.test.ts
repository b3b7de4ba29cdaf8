import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeGolden } from '@diptych/golden';
import { natsCommand, natsServers } from '@diptych/testkit/nats';
import { expect, it, onTestFinished, vi } from 'vitest';
import { withHub } from './hub-server.ts';
import { runCli } from './run-cli.ts';
import { type Spawned, spawnCli, untilStderr } from './spawn-cli.ts';
import { tinyClipFolder } from './tiny-clip.ts';
import { colourData, configFile, onFeatures, writeNpy } from './training-data.ts';
import { colours, colourWorkspace, plainImage, temporaryFolder } from './workspace.ts';

/** A command that works for many seconds, each piece of it saying `busy`. */
interface Work {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Resolves when the command works. Default: it said so three times. */
  readonly begun?: (run: Spawned) => Promise<unknown>;
  /** What of its own is kept. Default nothing. */
  readonly kept?: RegExp;
}

const texts = Array.from({ length: 400 }, (_, i) => `${i} red`);
const computing = { COLOUR_BUSY: '20' };
const reading = (milliseconds: number) => ({
  NODE_OPTIONS: `--import=${fileURLToPath(new URL('./slow-disk.mjs', import.meta.url))}`,
  SLOW_DISK: String(milliseconds),
});

/** Every command that may take long; `output` is a folder in which something is that has to stay. */
const commands: Readonly<Record<string, (output: string) => Promise<Work>>> = {
  async align(output) {
    const folder = await temporaryFolder();
    const rows = Array.from({ length: 1000 }, (_, i) => [Math.sin(i), Math.cos(3 * i)]);
    for (const name of ['x', 'y']) await writeNpy(join(folder, `${name}.npy`), rows);
    const views = { x: { features: 'x.npy' }, y: { features: 'y.npy' }, chunk: 2 };
    return { args: ['align', await configFile(folder, views), '--output', output], env: reading(20) };
  },
  async bench() {
    const { modelArgs } = await colourWorkspace([]);
    return { args: ['bench', ...modelArgs, '--rounds', '1000'], env: computing };
  },
  async 'cache verify'() {
    const content = new Uint8Array(16 << 20);
    const hash = createHash('sha256').update(content).digest('hex');
    const cache = await temporaryFolder();
    const snapshot = join(cache, 'models--org--model', 'snapshots', '0'.repeat(40));
    const blobs = join(cache, 'models--org--model', 'blobs');
    for (const folder of [snapshot, blobs]) await mkdir(folder, { recursive: true });
    await writeFile(join(blobs, hash), content);
    return { args: ['cache', 'verify'], env: { ...reading(20), HF_HUB_CACHE: cache } };
  },
  async classify() {
    const { modelArgs } = await colourWorkspace([]);
    return {
      args: ['classify', ...modelArgs, '--labels', texts.join(','), '--batch-size', '1', 'red.png'],
      env: computing,
    };
  },
  async convert(output) {
    return { args: ['convert', '--model', await tinyClipFolder(), '--output', output], env: reading(1000) };
  },
  async cluster(output) {
    return { args: ['cluster', ...(await manyImages()), '--links', join(output, 'links')], env: computing };
  },
  async dedupe() {
    return { args: ['dedupe', ...(await manyImages())], env: computing };
  },
  async download() {
    const { requests } = await withHub(
      { 'org/model': { 'model.safetensors': new Uint8Array(1 << 20) } },
      { slow: true },
    );
    const begun = async () => vi.waitFor(() => expect(requests.join()).toContain('/resolve/'), 60_000);
    return { args: ['download', 'org/model', 'model.safetensors'], begun };
  },
  async embed() {
    const { modelArgs } = await colourWorkspace([]);
    return { args: ['embed', ...modelArgs, '--modality', 'text', '--batch-size', '1', ...texts], env: computing };
  },
  async evaluate(output) {
    const { modelArgs } = await colourWorkspace([]);
    const args = ['evaluate', ...modelArgs, await captioned(texts), '--batch-size', '1', '--output', output];
    return { args, env: computing };
  },
  async 'fleet work'(output) {
    const servers = await natsServers(natsCommand() ?? 'nats-server');
    onTestFinished(async () => servers.remove());
    const { folder, modelArgs } = await colourWorkspace([]);
    const names = Array.from({ length: 400 }, (_, i) => join(folder, `${i}.png`));
    for (const name of names) await plainImage(name, colours.red);
    const job = ['--job', 'interrupted', '--nats', servers.urls[0]!, ...modelArgs];
    expect((await runCli(['fleet', 'submit', folder, ...job])).code).toBe(0);
    const args = ['fleet', 'work', ...job, '--batch-size', '1', '--output', output];
    return { args, env: computing, kept: /^(?:img_emb|metadata|reports|\.partial)$/ };
  },
  async mcp() {
    return { args: ['mcp', ...(await manyImages())], env: computing };
  },
  async search() {
    return { args: ['search', ...(await manyImages()), 'red'], env: computing };
  },
  async train(output) {
    const config = await configFile(await colourData(), { ...onFeatures, epochs: 100_000 });
    const begun = async ({ child }: Spawned) => once(child.stdout, 'data');
    const kept = /^(checkpoint\.safetensors|metrics\.json|\w+\.svg)$/; // The epochs before, to go on from.
    return { args: ['train', config, '--output', output], begun, kept };
  },
  async watch() {
    return { args: ['watch', ...(await manyImages())], env: computing };
  },
  async verify() {
    const { root, modelArgs } = await colourWorkspace([]);
    const reference = join(root, 'reference.json');
    await writeFile(reference, JSON.stringify({ texts, text_embeds: texts.map(() => [1, 0, 0]) }));
    return { args: ['verify', ...modelArgs, '--reference', reference, '--batch-size', '1'], env: computing };
  },
};

const started = async (run: Spawned) => untilStderr(run, 'busy\nbusy\nbusy');

const expectEnded = async (
  signal: 'SIGINT' | 'SIGTERM',
  code: number,
  make: (typeof commands)[string],
): Promise<void> => {
  const output = join(await temporaryFolder(), 'output');
  await mkdir(output);
  await writeFile(join(output, 'config.json'), 'before');
  const { args, env, begun = started, kept = /^$/ } = await make(output);
  const run = spawnCli(args, env);
  await begun(run);
  run.child.kill(signal);
  const ended = await run.ended;
  expect(ended.code).toBe(code);
  expect(ended.stderr.replaceAll('busy\n', '')).toBe(`diptych: interrupted by ${signal}\n`);
  expect(ended.stderr.split('busy').length).toBeLessThan(100);
  expect(await readFile(join(output, 'config.json'), 'utf8')).toBe('before');
  expect((await readdir(output)).filter((name) => !kept.test(name))).toEqual(['config.json']);
};

describeGolden('a command ends within a piece, says why, and leaves the output that was there', () => {
  // Commands are told that it is enough, not by which signal; `process-io.ts` alone knows.
  const signals = [['SIGINT', 130] as const, ['SIGTERM', 143] as const];
  const tried = Object.entries(commands).map(([name, make], i) => [name, ...signals[i % 2]!, make] as const);

  it.each(tried)('%s on %s', async (_, signal, code, make) => expectEnded(signal, code, make));
});

it('are all commands, but for those that read a header, run the server, print or list', async () => {
  const { stdout } = await runCli(['--help']);
  const listed = [...stdout.split('Commands:')[1]!.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name!);
  const tried = Object.keys(commands).map((name) => name.split(' ')[0]!);
  expect(listed.filter((name) => !tried.includes(name))).toEqual(['info', 'serve', 'models', 'completion', 'help']);
});

/** Arguments that name a model, and images that it has to embed one by one. */
async function manyImages(): Promise<readonly string[]> {
  const { modelArgs, folder } = await colourWorkspace([]);
  for (let i = 0; i < 400; i++) await plainImage(join(folder, `${i}.png`), colours.blue);
  return [...modelArgs, '--images', folder, '--batch-size', '1'];
}

/** A file of one image and its captions. */
async function captioned(captions: readonly string[]): Promise<string> {
  const folder = await temporaryFolder();
  await plainImage(join(folder, 'red.png'), colours.red);
  const path = join(folder, 'captions.jsonl');
  await writeFile(path, `${JSON.stringify({ image: 'red.png', captions })}\n`);
  return path;
}
