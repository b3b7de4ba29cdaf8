import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hub } from '@diptych/files/node';
import { describeGolden } from '@diptych/golden';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { open } from '../../src/index.ts';
import { expectRefused, expectRows } from './expect-kind.ts';
import { folderHub } from './folder-hub.ts';
import { kindPath, known, opening, readKind, refused } from './kinds.ts';

const fails = (kind: string) => ({ fails: known.has(kind) });

describeGolden('repositories of a hub', () => {
  let cacheFolder: string;
  beforeAll(async () => {
    cacheFolder = await mkdtemp(join(tmpdir(), 'diptych-zoo-'));
  });
  afterAll(() => rm(cacheFolder, { recursive: true }));

  for (const kind of opening) {
    it(`${kind} opens, with the numbers of Python`, fails(kind), async () => {
      const expected = await readKind(kind);
      const { fetch } = folderHub(expected.repo, kindPath(kind));
      using space = await open(hub(expected.repo, { cacheFolder, fetch }));
      expect(space.id).toBe(expected.repo);
      await expectRows(space, expected);
    });
  }

  for (const kind of Object.keys(refused)) {
    it(`${kind} is refused, and the message says what to do`, fails(kind), async () => {
      const { repo } = await readKind(kind);
      const { fetch, asked } = folderHub(repo, kindPath(kind));
      await expectRefused(kind, open(hub(repo, { cacheFolder, fetch })));
      const weights = asked.filter((path) => /\.(bin|safetensors)$/.test(path));
      expect(weights).toEqual(byNames.get(kind) ?? []);
    });
  }
});

/** What only the weights themselves tell from what is known. */
const byNames = new Map<string, readonly string[]>([
  ['altclip-as-clip', ['pytorch_model.bin']],
  ['bert-legacy-bin', ['pytorch_model.bin']],
  ['clip-hf-text-no-projection', ['model.safetensors']],
  // Families that open since: what stands in for their weights here is none.
  ...['convnext', 'eva02', 'mobileclip2-l14', 'mobileclip2-s3', 'pe-core', 'worldwide', 'xlm-roberta'].map(
    (kind): [string, string[]] => [`openclip-refused-${kind}`, ['open_clip_pytorch_model.bin']],
  ),
  ...['refused-dinov2', 'refused-metaclip2', 'refused-vit', 'siglip2-naflex', 'st-refused-mpnet'].map(
    (kind): [string, string[]] => [kind, ['model.safetensors']],
  ),
]);
