import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colourWorkspace } from './workspace.ts';

interface Line {
  readonly path: string;
  readonly predictions: readonly { readonly label: string; readonly score: number }[];
}

it('gives each image its labels, best first, as probabilities', async () => {
  const { folder, modelArgs } = await colourWorkspace(['red', 'blue']);
  const run = await runCli(['classify', ...modelArgs, '--labels', 'red, green,blue', folder]);
  expect(run.code).toBe(0);
  const lines = jsonLines<Line>(run);
  expect(lines.map(({ path, predictions }) => [path, predictions[0]!.label])).toEqual([
    [join(folder, 'blue.png'), 'blue'],
    [join(folder, 'red.png'), 'red'],
  ]);
  for (const { predictions } of lines) {
    expect(predictions.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 6);
  }
});

it('takes labels from a file, templates, and stdin for paths', async () => {
  const { root, folder, modelArgs } = await colourWorkspace(['red']);
  const labels = join(root, 'labels.txt');
  await writeFile(labels, 'green\r\nred, really red\n\n');
  const args = ['--labels-file', labels, '--template', '{}', '--template', 'all {}', '--top-k', '1', '-'];
  const run = await runCli(['classify', ...modelArgs, ...args], { stdin: join(folder, 'red.png') });
  expect(jsonLines<Line>(run)[0]!.predictions).toEqual([
    { label: 'red, really red', score: expect.closeTo(1, 3) as number },
  ]);
});

it('prints a table on a terminal and reports what fails', async () => {
  const { folder, modelArgs } = await colourWorkspace(['red']);
  await writeFile(join(folder, 'bad.jpg'), '');
  const run = await runCli(['classify', ...modelArgs, '--quiet', '--labels', 'red,green', folder], { tty: true });
  expect(run.code).toBe(1);
  expect(run.stdout).toBe(`${folder}/red.png\n  100.0% red    0.0% green\n`);
  expect(run.stderr).toMatch(`diptych: ${folder}/bad.jpg: IMAGE_INVALID: `);
});

it.each([
  [[], 'expected at least one'],
  [['--labels', ' , '], 'expected at least one'],
  [['--labels', 'a', '--labels-file', 'b'], 'cannot be used with'],
  [['--labels-file', '/nowhere'], 'NOT_FOUND: /nowhere: expected a file of labels, got ENOENT'],
])('refuses labels %j', async (args, message) => {
  const { folder, modelArgs } = await colourWorkspace([]);
  const { code, stderr } = await runCli(['classify', ...modelArgs, ...args, folder]);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) as string });
});
