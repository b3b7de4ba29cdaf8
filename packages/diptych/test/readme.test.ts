import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeGolden, expectExample, goldenPath } from '@diptych/golden';
import { afterAll, beforeAll, it } from 'vitest';
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

  it('prints what it says', () => expectExample(() => import('../README.md?example')));
});
