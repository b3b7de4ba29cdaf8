import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { emoji } from '@diptych/model-emoji';
import { open } from 'diptych';
import { describe, expect, it } from 'vitest';
import { artworks, drawPng } from '../src/artwork.ts';
import { nearest } from '../src/search.ts';
import { terminalPicture } from '../src/terminal-picture.ts';

const square = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path fill="#f00" d="M0 0h2v1H0z"/></svg>';

describe('the pictures', () => {
  it('are drawn from the icon set, without skin tones', async () => {
    const pictures = await artworks();
    expect(pictures.length).toBeGreaterThan(1500);
    const names = pictures.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.endsWith('-dark'))).toEqual([]);
    expect(pictures.find(({ name }) => name === 'rocket')!.character).toBe('🚀');
  });

  it('become half blocks, the terminal showing where they are clear', async () => {
    expect(await terminalPicture(square, 2)).toBe('\u001b[38;2;255;0;0m▀\u001b[0m'.repeat(2));
  });
});

it('a picture is nearest to its own word', async () => {
  using space = await open(emoji);
  const chosen = (await artworks()).filter(({ name }) => ['rocket', 'sunflower', 'octopus'].includes(name));
  const names = chosen.map(({ name }) => name);
  const pictures = await space.embed('image', await Promise.all(chosen.map(({ svg }) => drawPng(svg, 96))));
  const hits = nearest(space, pictures, { names, rows: await space.embed('text', names) }, 2);
  expect(hits.map(([best]) => best!.name)).toEqual(names);
  expect(hits.every(([best, second]) => best!.cosine >= second!.cosine)).toBe(true);
});

it('the command prints pictures for words and words for pictures', async () => {
  const main = join(import.meta.dirname, '../src/main.ts');
  const flags = ['--conditions=@diptych/source', '--import', 'tsx', main];
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: join(import.meta.dirname, '..') });
  expect(stdout).toContain('雪だるま\n      ⛄');
  expect(stdout).toMatch(/🐙\n {6}octopus 0\.\d\d/);
  expect(stdout).not.toContain('\u001b');
});
