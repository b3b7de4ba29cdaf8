import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeGolden, expectExample, goldenPath } from '@diptych/golden';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { open } from '../src/index.ts';
import { smallClipFiles } from './small-clip.ts';

describeGolden('the README', () => {
  const before = process.cwd();
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'diptych-readme-'));
    const model = join(folder, 'clip-vit-base-patch32');
    await mkdir(model);
    for (const [name, blob] of Object.entries(await smallClipFiles()))
      await writeFile(join(model, name), blob.stream());
    await copyFile(goldenPath('golden/mira/images/10000.png'), join(folder, 'cat.png'));
    await copyFile(goldenPath('golden/mira/images/10428.png'), join(folder, 'dog.png'));
    process.chdir(folder);
  });
  afterAll(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true });
  });

  it('names the model after its folder', async () => {
    using space = await open('./clip-vit-base-patch32/');
    expect(space.id).toBe('clip-vit-base-patch32');
  });

  it('prints what it says', () => expectExample(() => import('../README.md?example')));
});
