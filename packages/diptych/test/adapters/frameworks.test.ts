import { MemoryVectorStore } from '@langchain/classic/vectorstores/memory';
import { cosineSimilarity, embed, embedMany } from 'ai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embeddingModel } from '../../src/adapters/ai-sdk.ts';
import { DiptychEmbeddings } from '../../src/adapters/langchain.ts';
import { DiptychEmbedding } from '../../src/adapters/llamaindex.ts';
import { type EmbeddingSpace, open } from '../../src/index.ts';
import { images, red, rowsOf, texts, toyModel } from './toy-model.ts';

describe('frameworks of others', () => {
  let space: EmbeddingSpace;
  let ofTexts: number[][];
  let ofImages: number[][];
  beforeAll(async () => {
    space = await open(toyModel);
    [ofTexts, ofImages] = [await rowsOf(space, 'text'), await rowsOf(space, 'image')];
  });
  afterAll(() => space.dispose());

  it('LangChain embeds texts and images', async () => {
    const embeddings = new DiptychEmbeddings(space);
    expect(await embeddings.embedDocuments(texts)).toEqual(ofTexts);
    expect(await embeddings.embedQuery(texts[1]!)).toEqual(ofTexts[1]);
    expect(await embeddings.embedImage(images)).toEqual(ofImages);
    expect(await embeddings.embedImageQuery(images[1]!)).toEqual(ofImages[1]);
    const mixed = [{ image: images[0]! }, texts[0]!, { text: texts[2]! }, { image: images[1]! }];
    expect(await embeddings.embedDocuments(mixed)).toEqual([ofImages[0], ofTexts[0], ofTexts[2], ofImages[1]]);
    expect(await embeddings.embedDocuments([])).toEqual([]);
  });

  it('LangChain cuts rows and puts a prompt before queries and documents, each its own', async () => {
    const cut = new DiptychEmbeddings(space, { truncateDim: 2 });
    expect(await cut.embedDocuments(texts)).toEqual(await rowsOf(space, 'text', 2));
    const prompted = new DiptychEmbeddings(space, { queryPrompt: 'query: ', documentPrompt: 'doc: ' });
    const asked = await space.embed('text', ['query: a']);
    const stored = await space.embed('text', ['doc: a']);
    expect(await prompted.embedQuery('a')).toEqual(Array.from(asked.data));
    expect(await prompted.embedDocuments(['a'])).toEqual([Array.from(stored.data)]);
    expect(await prompted.embedImage(images)).toEqual(ofImages);
    expect(await prompted.embedDocuments([{ image: images[1]! }, 'a'])).toEqual([ofImages[1], Array.from(stored.data)]);
    expect(await prompted.embedQuery({ image: images[0]! })).toEqual(ofImages[0]);
  });

  it("LangChain's vector store finds what the library finds", async () => {
    const store = new MemoryVectorStore(new DiptychEmbeddings(space));
    await store.addDocuments(texts.map((pageContent) => ({ pageContent, metadata: {} })));
    const found = await store.similaritySearchWithScore('longish', 4);
    const query = (await space.embed('text', 'longish')).data;
    const scores = ofTexts.map((row) => row.reduce((sum, v, i) => sum + v * query[i]!, 0));
    const order = scores.map((_, i) => i).toSorted((a, b) => scores[b]! - scores[a]!);
    expect(found.map(([{ pageContent }]) => pageContent)).toEqual(order.map((i) => texts[i]));
    found.forEach(([, score], i) => expect(score).toBeCloseTo(scores[order[i]!]!, 6));
  });

  it('LlamaIndexTS embeds texts and images, and compares them', async () => {
    const model = new DiptychEmbedding(space, { embedBatchSize: 2 });
    expect(model.embedInfo?.dimensions).toBe(3);
    expect(await model.getTextEmbedding(texts[0]!)).toEqual(ofTexts[0]);
    expect(await model.getTextEmbeddings(texts)).toEqual(ofTexts);
    expect(await model.getTextEmbeddingsBatch(texts)).toEqual(ofTexts);
    expect(await model.getQueryEmbedding({ type: 'text', text: texts[1]! })).toEqual(ofTexts[1]);
    const png = await (await fetch(red)).blob();
    const [row] = await model.getImageEmbeddings([png]);
    row!.forEach((v, i) => expect(v).toBeCloseTo(ofImages[0]![i]!, 5));
    expect(await model.getImageEmbedding(png)).toEqual(row);
    expect(model.similarity(ofTexts[0]!, ofTexts[0]!)).toBeCloseTo(1, 6);
  });

  it('the AI SDK embeds texts, and images that are data URIs', async () => {
    const model = embeddingModel(space, { maxEmbeddingsPerCall: 3 });
    const { embedding } = await embed({ model, value: texts[0]! });
    expect(embedding).toEqual(ofTexts[0]);
    const { embeddings } = await embedMany({ model, values: [...texts, red] });
    expect(embeddings.slice(0, -1)).toEqual(ofTexts);
    expect(cosineSimilarity(embeddings.at(-1)!, ofImages[0]!)).toBeCloseTo(1, 5);
    expect(model).toMatchObject({ provider: 'diptych', modelId: 'toy-model', specificationVersion: 'v4' });
    const cut = await model.doEmbed({ values: texts, dimensions: 2 });
    expect(cut).toEqual({ embeddings: await rowsOf(space, 'text', 2), warnings: [] });
  });

  it('the AI SDK stops by its signal', async () => {
    const stopped = AbortSignal.abort(new Error('enough'));
    const model = embeddingModel(space);
    await expect(model.doEmbed({ values: texts, abortSignal: stopped })).rejects.toThrow('enough');
  });

  it('what is neither text nor image is refused', async () => {
    const wrong: unknown = [{ sound: 'x' }];
    const asked = new DiptychEmbeddings(space).embedDocuments(wrong as string[]);
    await expect(asked).rejects.toMatchObject({ code: 'INPUT_INVALID', where: 'items[0]' });
  });
});
