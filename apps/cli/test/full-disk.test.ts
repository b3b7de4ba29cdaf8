import type * as FileSystem from 'node:fs/promises';
import { access, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeGolden } from '@diptych/golden';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Interrupted } from '../src/io.ts';
import { runCli } from './run-cli.ts';
import { tinyClipFolder } from './tiny-clip.ts';
import { colourData, configFile, onPixels, writeNpy } from './training-data.ts';
import { colours, colourWorkspace, plainImage, temporaryFolder } from './workspace.ts';

/** What the disk does to whoever writes to a path: half of the bytes arrive. */
const disk = vi.hoisted((): { refuses?: (path: string) => Promise<void> } => ({}));

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof FileSystem>();
  const half = (data: unknown) => (data as Uint8Array).subarray(0, (data as Uint8Array).length / 2);
  return {
    ...real,
    async writeFile(path: string, data: string | Uint8Array, options: object) {
      if (disk.refuses) await real.writeFile(path, half(Buffer.from(data as string)));
      await disk.refuses?.(path);
      await real.writeFile(path, data, options);
    },
    async open(path: string, ...how: []) {
      const file = await real.open(path, ...how);
      const refusing = { write: file.write, writeFile: file.writeFile };
      for (const name of Object.keys(refusing) as (keyof typeof refusing)[]) {
        const write = file[name].bind(file) as (...args: unknown[]) => Promise<unknown>;
        Object.assign(file, {
          [name]: async (data: unknown, ...rest: unknown[]) => {
            await disk.refuses?.(path);
            return write(data, ...rest);
          },
        });
      }
      return file;
    },
  };
});

afterEach(() => {
  delete disk.refuses;
});

/** From now on, whoever writes to such a path finds the disk full. */
function fillDisk(path: RegExp): void {
  disk.refuses = async (written) => {
    if (!path.test(written)) return;
    const error = new Error('ENOSPC: no space left on device, write');
    throw Object.assign(error, { code: 'ENOSPC', errno: -28, syscall: 'write' });
  };
}

/** The bytes of every file below a folder. */
async function contents(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(await Promise.all(files.map(async (path) => [path, await readFile(path, 'latin1')])));
}

/** A command that fails for want of room says where, and what its output was before is its output afterwards. */
async function expectUntouched(root: string, full: RegExp, args: readonly string[]): Promise<void> {
  const before = await contents(root);
  fillDisk(full);
  const run = await runCli(args);
  delete disk.refuses;
  expect(run).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^diptych: INPUT_INVALID: .*expected what can be written, got/),
  });
  expect(run.stderr).toContain('ENOSPC');
  expect(run.stderr).toContain(root);
  expect(await contents(root)).toEqual(before);
}

const exists = async (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

describeGolden('convert', () => {
  it.each([/model\.safetensors$/, /config\.json$/])(
    'leaves its output as it is where %s finds the disk full',
    async (full) => {
      const root = await temporaryFolder();
      const convert = ['convert', '--model', await tinyClipFolder(), '--output', join(root, 'packed'), '--dtype'];
      await expectUntouched(root, full, [...convert, 'int8']);
      expect(await exists(join(root, 'packed'))).toBe(false);
      expect((await runCli([...convert, 'int16'])).code).toBe(0);
      await writeFile(join(root, 'packed', 'notes.txt'), 'mine');
      await expectUntouched(root, full, [...convert, 'int8']);
    },
  );

  it('leaves its output as it is when it is interrupted, or its source is gone', async () => {
    const root = await temporaryFolder();
    const model = await tinyClipFolder();
    const convert = ['convert', '--model', model, '--output', join(root, 'packed'), '--dtype'];
    expect((await runCli([...convert, 'int16'])).code).toBe(0);
    const before = await contents(root);
    const controller = new AbortController();
    disk.refuses = async () => controller.abort(new Interrupted('SIGINT'));
    expect((await runCli([...convert, 'int8'], { signal: controller.signal })).code).toBe(130);
    expect(await contents(root)).toEqual(before);
    disk.refuses = async () => rm(join(model, 'tokenizer.json'), { force: true });
    const gone = await runCli([...convert, 'int8']);
    expect(gone).toMatchObject({ code: 2, stderr: expect.stringMatching(/NOT_FOUND: .*tokenizer\.json/) });
    expect(await contents(root)).toEqual(before);
  });

  it('moves nothing where one file could not be moved', async () => {
    const root = await temporaryFolder();
    const output = join(root, 'packed');
    await mkdir(join(output, 'model.safetensors'), { recursive: true });
    await writeFile(join(output, 'config.json'), 'mine');
    const run = await runCli(['convert', '--model', await tinyClipFolder(), '--output', output]);
    expect(run).toMatchObject({
      code: 2,
      stderr: `diptych: INPUT_INVALID: ${join(output, 'model.safetensors')}: expected a file to write, got a folder\n`,
    });
    expect(await contents(root)).toEqual({ [join(output, 'config.json')]: 'mine' });
  });
});

describe('embed', () => {
  it.each([
    ['rows.jsonl', /\.jsonl\.partial$/, []],
    ['rows', /\.npy$/, ['--format', 'npy']],
    ['rows', /\.parquet$/, ['--format', 'npy']],
  ])('leaves %s as it is where %s finds the disk full', async (name, full, format) => {
    const { root, folder, modelArgs } = await colourWorkspace();
    const embed = ['embed', ...modelArgs, folder, '--batch-size', '1', '--output', join(root, name), ...format];
    expect((await runCli(embed)).code).toBe(0);
    await plainImage(join(folder, 'a.png'), colours.yellow);
    await expectUntouched(root, full, embed);
  });
});

describe('train', () => {
  it('keeps the state before, from which it goes on once there is room', async () => {
    const folder = await colourData();
    const config = await configFile(folder, { ...onPixels, epochs: 2 });
    const train = ['train', config, '--output', join(folder, 'model')];
    expect((await runCli(train)).code).toBe(0);
    await configFile(folder, { ...onPixels, epochs: 3 });
    await expectUntouched(folder, /checkpoint\.safetensors\.partial$/, [...train, '--resume']);
    expect((await runCli([...train, '--resume'])).code).toBe(0);
  });

  it('leaves the model as it is, and writes it when it is asked again', async () => {
    const folder = await colourData();
    const train = ['train', await configFile(folder, { ...onPixels, epochs: 1 }), '--output', join(folder, 'model')];
    fillDisk(/model\.safetensors$/);
    expect((await runCli(train)).stderr).toMatch(/ENOSPC/);
    expect(await readdir(join(folder, 'model'))).not.toContain('config.json');
    delete disk.refuses;
    expect((await runCli([...train, '--resume'])).code).toBe(0);
    expect(await readdir(join(folder, 'model'))).toEqual(expect.arrayContaining(['config.json', 'model.safetensors']));
  });
});

describe('reports', () => {
  it('of align and evaluate stay as they are', async () => {
    const { root, folder, modelArgs } = await colourWorkspace();
    const rows = Object.keys(colours).map((_, i) => [i, i * i, 1 / (i + 1)]);
    await writeNpy(join(root, 'x.npy'), rows);
    const config = join(root, 'align.json');
    await writeFile(config, JSON.stringify({ x: { features: 'x.npy' }, y: { features: 'x.npy' }, components: 1 }));
    const captions = join(root, 'captions.jsonl');
    const line = (name: string) => `${JSON.stringify({ image: `${name}.png`, captions: [name] })}\n`;
    await writeFile(captions, ['red', 'green', 'blue'].map(line).join(''));
    const align = ['align', config, '--output', join(root, 'aligned')];
    const evaluate = ['evaluate', ...modelArgs, captions, '--images', folder, '--output', join(root, 'report')];
    for (const args of [align, evaluate]) expect(await runCli(args)).toMatchObject({ code: 0 });
    await expectUntouched(root, /alignment\.json$/, align);
    await expectUntouched(root, /report\.md$/, evaluate);
  });
});
