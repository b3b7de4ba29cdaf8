import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import { getRegistry, LanceSchema } from '@lancedb/lancedb/embedding';
import { Binary, Utf8 } from 'apache-arrow';
import { type EmbeddingFunction, getEmbeddingFunction, registerEmbeddingFunction } from 'chromadb';
import { ChromaClient } from 'chromadb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { diptychFunction } from '../../src/adapters/chroma.ts';
import { registerDiptych } from '../../src/adapters/lancedb.ts';
import { type EmbeddingSpace, open } from '../../src/index.ts';
import { red, rowsOf, texts, toyModel } from './toy-model.ts';

const models = { toy: toyModel };
let space: EmbeddingSpace;
let ofTexts: number[][];
beforeAll(async () => {
  space = await open(toyModel);
  ofTexts = await rowsOf(space, 'text');
});
afterAll(() => space.dispose());

describe('LanceDB', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'diptych-lance-'));
  });
  afterEach(async () => {
    getRegistry().reset();
    await rm(folder, { recursive: true });
  });

  it('embeds what is inserted and what is searched for, also when the table is opened again', async () => {
    const made = await registerDiptych(models).create({ model: 'toy' });
    expect(made.ndims()).toBe(3);
    const schema = LanceSchema({ text: made.sourceField(new Utf8()), vector: made.vectorField() });
    const db = await connect(folder);
    const table = await db.createEmptyTable('texts', schema);
    await table.add(texts.map((text) => ({ text })));
    const stored = (await table.query().toArray()) as { text: string; vector: Iterable<number> }[];
    expect(stored.map(({ text }) => text)).toEqual(texts);
    expect(stored.map(({ vector }) => Array.from(vector))).toEqual(ofTexts);
    getRegistry().reset();
    registerDiptych(models);
    const again = await (await connect(folder)).openTable('texts');
    const [best] = (await again.search('longer').limit(1).toArray()) as { text: string; vector: Iterable<number> }[];
    expect(best).toMatchObject({ text: 'longer' });
    expect(Array.from(best!.vector)).toEqual(ofTexts[1]);
  });

  it('embeds images of bytes, and finds them by text', async () => {
    const made = await registerDiptych(models).create({ model: 'toy' });
    const schema = LanceSchema({ image: made.sourceField(new Binary()), vector: made.vectorField() });
    const table = await (await connect(folder)).createEmptyTable('images', schema);
    const bytes = new Uint8Array(await (await fetch(red)).arrayBuffer());
    await table.add([{ image: bytes }]);
    const [found] = (await table.search('a').limit(1).toArray()) as { vector: Iterable<number> }[];
    const expected = await space.embed('image', bytes);
    expect(Array.from(found!.vector)).toEqual(Array.from(expected.data));
  });

  it('strings are addresses of images where that is said, and rows are cut', async () => {
    const made = await registerDiptych(models).create({ model: 'toy', source: 'image', truncateDim: 2 });
    expect(made.ndims()).toBe(2);
    const expected = await space.embed('image', red, { truncateDim: 2 });
    expect(await made.computeSourceEmbeddings([red])).toEqual([Array.from(expected.data)]);
    expect(await made.computeQueryEmbeddings(texts[1]!)).toEqual((await rowsOf(space, 'text', 2))[1]);
  });

  it('says that a model is missing', async () => {
    const none: object = {};
    const asked = async () => registerDiptych(models).create(none as { model: string });
    await expect(asked()).rejects.toMatchObject({ code: 'INPUT_INVALID', where: 'embedding function: model' });
  });
});

describe('Chroma', () => {
  const DiptychFunction = diptychFunction(models);

  it('embeds texts, and images that are data URIs', async () => {
    const made: EmbeddingFunction = new DiptychFunction({ model: 'toy' });
    expect(await made.generate(texts)).toEqual(ofTexts);
    const image = await space.embed('image', red);
    expect(await made.generate([red])).toEqual([Array.from(image.data)]);
    expect([made.name, made.defaultSpace?.()]).toEqual(['diptych', 'cosine']);
  });

  it("is made again by Chroma's client from the configuration that a collection keeps", async () => {
    registerEmbeddingFunction('diptych', DiptychFunction);
    const config = new DiptychFunction({ model: 'toy', truncateDim: 2 }).getConfig();
    expect(config).toEqual({ model: 'toy', truncateDim: 2 });
    const again = await getEmbeddingFunction({
      client: new ChromaClient({ host: '127.0.0.1', port: 1 }),
      efConfig: { type: 'known', name: 'diptych', config },
    });
    expect(await again!.generate(texts)).toEqual(await rowsOf(space, 'text', 2));
  });

  it('refuses a configuration without a model, and another model for rows that are stored', () => {
    const made = new DiptychFunction({ model: 'toy' });
    expect(() => made.validateConfig({})).toThrowError(/embedding function: model: expected a string/);
    expect(() => made.validateConfigUpdate({ model: 'other' })).toThrowError(/expected toy, all components, got other/);
    expect(() => made.validateConfigUpdate({ model: 'toy' })).not.toThrow();
  });
});
