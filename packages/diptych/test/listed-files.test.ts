import { blobFiles } from '@diptych/files';
import { describeGolden, goldenBytes } from '@diptych/golden';
import { describeBackends, expectNoLeak } from '@diptych/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { hfClip, open } from '../src/index.ts';

afterEach(() => vi.unstubAllGlobals());

const there = ['config.json', 'model.safetensors'];
const base = 'https://models.example/tiny-clip';

/** A server that has the files of a model; where it is asked for another, the page is offline. Says what it was asked for. */
async function serve(): Promise<string[]> {
  const asked: string[] = [];
  const bodies = there.map(async (name) => [name, await goldenBytes(`oracles/tiny_clip/${name}`)] as const);
  const served = new Map(await Promise.all(bodies));
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', async (input: string | URL, init?: RequestInit) => {
    if (!String(input).startsWith(base)) return fetch(input, init);
    const name = String(input).slice(base.length + 1);
    asked.push(name);
    const body = served.get(name);
    if (!body) throw new TypeError('Failed to fetch');
    return new Response(Uint8Array.from(body));
  });
  return asked;
}

describeGolden('files by a list', () => {
  describeBackends('below a URL', () => {
    it.each([undefined, [hfClip]])(
      'nothing is asked for that is not listed, whoever is asked to open them',
      async (own) => {
        const asked = await serve();
        await expectNoLeak(async () => {
          using space = await open(base, { files: there, ...(own && { architectures: own }) });
          expect([space.architecture, space.id]).toEqual(['clip', 'tiny-clip']);
        });
        expect([...new Set(asked)].toSorted()).toEqual(there);
      },
    );

    it('without a list a URL is asked for what it may have, and offline that fails', async () => {
      const asked = await serve();
      await expect(open(base)).rejects.toMatchObject({ code: 'NETWORK' });
      expect(asked.some((name) => !there.includes(name))).toBe(true);
    });
  });
});

it('what is no list of paths is refused', async () => {
  const files: unknown = 'config.json';
  const opened = open(blobFiles({}, 'none'), { files: files as readonly string[] });
  await expect(opened).rejects.toMatchObject({ code: 'INPUT_INVALID', message: expect.stringMatching(/^files: /) });
});

it('a model whose list has no configuration is refused without a request', async () => {
  const asked = await serve();
  await expect(open(base, { files: ['model.safetensors'] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(asked).toEqual([]);
});
