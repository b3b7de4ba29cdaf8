import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describeGolden, goldenJson, goldenPath } from '@diptych/golden';
import { describe, expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.ts';
import { colourWorkspace, temporaryFolder } from './workspace.ts';

const texts = {
  texts: ['red', 'a blue'],
  text_embeds: [
    [2, 0, 0],
    [0, 0, 1],
  ],
};
const images = { images: ['photos/green.png'], image_embeds: [[0, 7, 0]] };

/** Verifies the model of colours against a reference, which is `reference.json` beside `photos`. */
async function verify(reference: unknown, ...args: readonly string[]) {
  const { root, modelArgs } = await colourWorkspace();
  const file = join(root, 'reference.json');
  await writeFile(file, typeof reference === 'string' ? reference : JSON.stringify(reference));
  return runCli(['verify', ...modelArgs, '--reference', file, ...args]);
}

describe('verify', () => {
  it('finds rows of any length equal, and images beside the reference', async () => {
    const run = await verify({ ...texts, ...images });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const same = { maxDifference: 0, minCosine: 1, ok: true };
    expect(jsonLines(run)).toEqual([
      { modality: 'text', items: 2, ...same, worst: 'red' },
      { modality: 'image', items: 1, ...same, worst: 'photos/green.png' },
    ]);
  });

  it('measures what differs, names the worst item, and exits with 1', async () => {
    const run = await verify({
      ...texts,
      text_embeds: [
        [1, 0, 0],
        [3, 0, 4],
      ],
      ...images,
    });
    expect(run).toMatchObject({
      code: 1,
      stderr: 'diptych: text: expected differences of at most 0.0001, got 6.0e-1\n',
    });
    const [text, image] = jsonLines(run);
    const maxDifference = expect.closeTo(0.6, 9) as number;
    expect(text).toEqual({
      modality: 'text',
      items: 2,
      maxDifference,
      minCosine: expect.closeTo(0.8, 9) as number,
      worst: 'a blue',
      ok: false,
    });
    expect(image).toMatchObject({ ok: true });
  });

  it('takes a wider tolerance, and prints a table', async () => {
    const text_embeds = [
      [1, 0, 0],
      [3, 0, 4],
    ];
    const run = await verify({ ...texts, text_embeds }, '--tolerance', '0.7', '--format', 'table');
    expect(run).toEqual({
      code: 0,
      stdout:
        'modality  items  max difference  min cosine  worst item\n' +
        'text          2          6.0e-1   0.8000000  a blue\n',
      stderr: '',
    });
  });

  it.each([
    ['no JSON', 'NaN', /expected JSON/],
    ['none of the fields', {}, /got neither/],
    ['no rows', { texts: ['red'] }, /text_embeds: expected 1 rows.*got undefined/],
    ['too few rows', { ...texts, text_embeds: [[1, 0, 0]] }, /text_embeds: expected 2 rows.*got 1/],
    ['no item', { texts: [], text_embeds: [] }, /texts: expected a list of strings/],
    ['ragged rows', { ...texts, text_embeds: [[1, 0, 0], [1]] }, /text_embeds\[1\]: expected numbers/],
    [
      'no numbers',
      {
        ...texts,
        text_embeds: [
          [1, 0, 0],
          [null, 0, 0],
        ],
      },
      /text_embeds\[1\]: expected numbers/,
    ],
    ['another dimension', { texts: ['red'], text_embeds: [[1, 0]] }, /SHAPE_MISMATCH: .*dimension 3, got 2/],
    ['an image that is not there', { ...images, images: ['no.png'] }, /NOT_FOUND: .*no\.png/],
  ])('refuses a reference with %s', async (_problem, reference, message) => {
    const { code, stdout, stderr } = await verify(reference);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  it('refuses a tolerance below zero, and a reference that is not there', async () => {
    expect(await verify(texts, '--tolerance', '-1')).toMatchObject({ code: 2 });
    const run = await verify(texts, '--reference', '/nowhere.json');
    expect(run).toMatchObject({ code: 2, stderr: expect.stringContaining('NOT_FOUND: /nowhere.json') as string });
  });
});

describeGolden('a trained model and the embeddings of its authors', () => {
  it('agree within 1e-6, and within less where weights are smaller', async () => {
    const golden = await goldenJson<
      Record<'labels' | 'text_embeds' | 'image_embeds', unknown> & { image_ids: string[] }
    >('golden/mira/golden.json');
    const reference = join(await temporaryFolder(), 'reference.json');
    const { labels, text_embeds, image_embeds } = golden;
    const photos = golden.image_ids.map((id) => goldenPath(`golden/mira/images/${id}.png`));
    await writeFile(reference, JSON.stringify({ texts: labels, text_embeds, images: photos, image_embeds }));
    const mira = fileURLToPath(new URL('../../examples/own-architecture/src/mira.ts', import.meta.url));
    const args = ['--model', goldenPath('models/mira_clip'), '--architecture', mira, '--reference', reference];
    const same = await runCli(['verify', ...args, '--tolerance', '1e-6']);
    expect(same).toMatchObject({ code: 0, stderr: '' });
    expect(jsonLines(same)).toMatchObject([
      { modality: 'text', items: 45 },
      { modality: 'image', items: 25 },
    ]);
    expect(await runCli(['verify', ...args, '--dtype', 'int16', '--tolerance', '2e-3'])).toMatchObject({ code: 0 });
    const coarse = await runCli(['verify', ...args, '--dtype', 'int8', '--tolerance', '1e-6']);
    expect(coarse.code).toBe(1);
    for (const { minCosine } of jsonLines<{ minCosine: number }>(coarse)) expect(minCosine).toBeGreaterThan(0.999);
  });
});
