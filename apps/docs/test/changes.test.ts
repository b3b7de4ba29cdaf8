import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { changesetNote, changesText, released } from '../src/changes.ts';

it('reads a note that is not released yet', () => {
  const text = "---\n'diptych': minor\n'@diptych/core': patch\n---\n\nA line,\nand one more.\n";
  expect(changesetNote(text)).toEqual({ packages: ['diptych', '@diptych/core'], text: 'A line,\nand one more.' });
});

it('has what several packages say once, the newest release first', () => {
  const core =
    '# @diptych/core\n\n## 0.10.0\n\n### Minor Changes\n\n- 1234567: New.\n\n  In parts.\n- 89abcde: Other.\n';
  const old = '\n## 0.9.1\n\n### Patch Changes\n\n- fedcba9: Old.\n';
  const whole =
    '# diptych\n\n## 0.10.0\n\n### Minor Changes\n\n- 1234567: New.\n\n  In parts.\n\n### Patch Changes\n\n- Updated dependencies\n';
  expect(released([core + old, whole])).toEqual([
    [
      '0.10.0',
      [
        { text: 'New.\n\nIn parts.', packages: ['@diptych/core', 'diptych'] },
        { text: 'Other.', packages: ['@diptych/core'] },
      ],
    ],
    ['0.9.1', [{ text: 'Old.', packages: ['@diptych/core'] }]],
  ]);
});

it('leaves out no note', async () => {
  const folder = new URL('../../../.changeset/', import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.md') && name !== 'README.md');
  const page = changesText();
  for (const file of files) {
    const { packages, text } = changesetNote(await readFile(new URL(file, folder), 'utf8'));
    expect(packages.length).toBeGreaterThan(0);
    expect(page).toContain(text.split('\n')[0]);
  }
});
