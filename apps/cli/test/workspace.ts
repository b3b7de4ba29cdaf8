import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { onTestFinished } from 'vitest';

export const colours = { red: [255, 0, 0], green: [0, 255, 0], blue: [0, 0, 255], yellow: [255, 255, 0] } as const;

export const architecture = fileURLToPath(new URL('./colour-architecture.ts', import.meta.url));

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'diptych-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A file of one colour, `width` by 2 pixels. */
export async function plainImage(path: string, [r, g, b]: readonly [number, number, number], width = 2): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const create = { width, height: 2, channels: 3 as const, background: { r, g, b } };
  await sharp({ create }).png().toFile(path);
}

/** Photos of one colour each and a model that knows colours; `modelArgs` are the options that open it. */
export async function colourWorkspace(photos: readonly (keyof typeof colours)[] = ['red', 'green', 'blue']) {
  const root = await temporaryFolder();
  const model = join(root, 'model');
  await mkdir(model);
  await writeFile(join(model, 'colour.txt'), '');
  const folder = join(root, 'photos');
  for (const name of photos) await plainImage(join(folder, `${name}.png`), colours[name]);
  return { root, model, folder, modelArgs: ['--model', model, '--architecture', architecture] };
}
