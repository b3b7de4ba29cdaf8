import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeGolden, expectExample, goldenPath } from '@diptych/golden';
import { afterAll, beforeAll, it } from 'vitest';

describeGolden('the README', () => {
  const before = process.cwd();
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'diptych-emoji-'));
    await copyFile(goldenPath('data/emoji/fluentflat/1f680.png'), join(folder, 'rocket.png'));
    await copyFile(goldenPath('data/emoji/fluentflat/1f415.png'), join(folder, 'dog.png'));
    process.chdir(folder);
  });
  afterAll(async () => {
    process.chdir(before);
    await rm(folder, { recursive: true });
  });

  it('prints what it says', () => expectExample(() => import('../README.md?example')));
});
