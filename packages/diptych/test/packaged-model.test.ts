import { blobFiles } from '@diptych/files';
import type { Image } from '@diptych/preprocessing';
import { describeBackends, expectNoLeak } from '@diptych/testkit';
import { expect, it } from 'vitest';
import { type Architecture, imageTower, open, type PackagedModel } from '../src/index.ts';
import { imageBatch, toy } from './toy.ts';

const clear: Image = { data: new Uint8Array(8), width: 2, height: 1, channels: 4 };

/** `toy` on a red ground. */
const onRed: Architecture = {
  version: 1,
  name: 'on-red',
  async open(files, options) {
    const parts = await toy.open(files, options);
    const image = parts?.towers.image;
    if (!image) return undefined;
    const { encoder } = image;
    return { ...parts, towers: { image: imageTower({ encoder, preprocess: imageBatch, background: [255, 0, 0] }) } };
  },
};

describeBackends('a model that brings its architecture', () => {
  const model: PackagedModel = { ...blobFiles({ toy: new Blob([]) }, 'toy-1'), architecture: onRed };

  it('is opened without naming it', async () => {
    await expectNoLeak(async () => {
      using space = await open(model);
      expect([space.id, space.architecture]).toEqual(['toy-1', 'on-red']);
    });
  });

  it('is only what the caller allows', async () => {
    const refused = open(model, { architectures: [] });
    await expect(refused).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('sees transparent pixels on its background, or on that of the caller', async () => {
    using space = await open(model);
    const own = await space.embed('image', [clear], { normalize: false });
    expect([...own.data].map(Math.round)).toEqual([255, 0, 0]);
    const given = await space.embed('image', [clear], { normalize: false, decode: { background: [0, 0, 255] } });
    expect([...given.data].map(Math.round)).toEqual([0, 0, 255]);
  });
});
