import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeGolden, expectExample, goldenPath } from '@diptych/golden';
import { afterAll, beforeAll, it } from 'vitest';

describeGolden('the README', () => {
  const before = process.cwd();
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'diptych-photo-'));
    for (const [name, id] of [
      ['rocket', '1f680'],
      ['dog', '1f415'],
    ]) {
      await copyFile(goldenPath(`data/emoji/fluentflat/${id}.png`), join(folder, `${name}.png`));
    }
    process.chdir(folder);
  });
  afterAll(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true });
  });

  it('prints what it says', () => expectExample(() => import('../README.md?example')));
});
