import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describeGolden } from '@diptych/golden';
import { afterEach, expect, it, vi } from 'vitest';
import {
  type Architecture,
  hfBert,
  hfChineseClip,
  hfClip,
  hfResnet,
  hfSiglip,
  open,
  openClip,
  sentenceTransformers,
} from '../src/index.ts';
import { expectRows } from './zoo/expect-kind.ts';
import { kindPath, readKind } from './zoo/kinds.ts';

afterEach(() => vi.unstubAllGlobals());

const base = 'https://models.example/model';

/** What a server was asked for: what it has, each once, and what it has not, as often as it was asked. */
interface Asked {
  readonly found: Set<string>;
  readonly missed: string[];
}

/** A server of a folder, which ignores ranges. */
function serve(folder: string): Asked {
  const [found, missed] = [new Set<string>(), [] as string[]];
  const there = pathsIn(folder);
  vi.stubGlobal('fetch', async (input: string | URL) => {
    const path = decodeURIComponent(String(input).slice(base.length + 1));
    if (!there.includes(path)) {
      missed.push(path);
      return new Response(null, { status: 404 });
    }
    found.add(path);
    return new Response(Uint8Array.from(readFileSync(join(folder, path))));
  });
  return { found, missed };
}

function pathsIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

// What neither the configuration nor another file tells: whether there is a newer or a preferred file, or an optional one.
const [newer, added, json] = ['processor_config.json', 'added_tokens.json', 'tokenizer.json'];
const safetensors = ['model.safetensors', 'model.safetensors.index.json'];
const kinds: readonly (readonly [kind: string, architecture: Architecture, missed: readonly string[]])[] = [
  ['clip-hf-v5', hfClip, ['special_tokens_map.json', added]],
  ['clip-hf-fast-2025', hfClip, [newer, added]],
  ['clip-hf-metaclip', hfClip, [newer, json, ...safetensors]],
  ['clip-hf-sharded', hfClip, [newer, added, 'model.safetensors']],
  ['clip-hf-text-tower', hfClip, [added]],
  ['clip-hf-vision-tower', hfClip, [newer]],
  ['siglip-hf', hfSiglip, [newer, json]],
  ['siglip-hf-v5', hfSiglip, [json]],
  ['siglip2-hf', hfSiglip, [newer, added]],
  [
    'chinese-clip',
    hfChineseClip,
    [json, 'tokenizer_config.json', 'special_tokens_map.json', added, newer, ...safetensors],
  ],
  ['bert-masked-lm', hfBert, ['special_tokens_map.json', added]],
  ['resnet-2023', hfResnet, [newer]],
  ['openclip-both', openClip, [added]],
  ['openclip-bin', openClip, ['open_clip_model.safetensors', 'open_clip_pytorch_model.safetensors', added]],
  ['st-minilm', sentenceTransformers, [added]],
  ['st-clip-v6', sentenceTransformers, ['special_tokens_map.json', added]],
];

describeGolden('what is asked of a URL', () => {
  it.each(kinds)('%s, by its architecture alone: no file of another family or layout', async (kind, own, missed) => {
    const asked = serve(kindPath(kind));
    using space = await open(base, { architectures: [own] });
    expect(asked.missed).toEqual(missed);
    await expectRows(space, await readKind(kind));
  });

  it.each(kinds)('%s, by the list of its files: nothing in vain', async (kind, own) => {
    const files = pathsIn(kindPath(kind));
    const asked = serve(kindPath(kind));
    for (const architectures of [undefined, [own]]) {
      using space = await open(base, { files, ...(architectures && { architectures }) });
      await expectRows(space, await readKind(kind));
    }
    expect(asked.missed).toEqual([]);
  });

  it.each(kinds)('%s, by the list of what was read of it: the same model', async (kind, own) => {
    const { found } = serve(kindPath(kind));
    (await open(base, { architectures: [own] })).dispose();
    const files = [...found];
    const asked = serve(kindPath(kind));
    using space = await open(base, { architectures: [own], files });
    await expectRows(space, await readKind(kind));
    expect(asked.missed).toEqual([]);
    expect([...asked.found].toSorted()).toEqual(files.toSorted());
  });
});
