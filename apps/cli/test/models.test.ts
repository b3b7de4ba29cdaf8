import { readFile } from 'node:fs/promises';
import { knownModels, refusedModels } from 'diptych';
import { expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';

it('lists models that open and models that are refused, as JSON what diptych has', async () => {
  const run = await runCli(['models', '--format', 'jsonl']);
  expect(run.code).toBe(0);
  expect(jsonLines(run)).toEqual([...knownModels, ...refusedModels]);
});

it('says on a terminal which licences forbid commercial use, and what to take instead', async () => {
  const { stdout } = await runCli(['models', '--format', 'table']);
  expect(stdout).toMatch(/^openai\/clip-vit-base-patch32 +text, image +512 +77 +151\.3 M +605\.0 MB +304\.0 MB/m);
  expect(stdout).toMatch(/^facebook\/metaclip-2-\S+ .* cc-by-nc-4\.0: not for commercial use$/m);
  expect(stdout).toMatch(/^Salesforce\/blip-itm-base-coco .* google\/siglip2-base-patch16-224$/m);
});

it('makes the tables of the documentation', async () => {
  const { stdout } = await runCli(['models', '--format', 'markdown']);
  const page = await readFile(new URL('../../../docs/models.md', import.meta.url), 'utf8');
  const cells = (text: string) =>
    text.split('\n').flatMap((line) => (/^\|(?! *-)/.test(line) ? [line.split('|').map((cell) => cell.trim())] : []));
  expect(cells(page)).toEqual(cells(stdout));
});
