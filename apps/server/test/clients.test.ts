import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { type Precision, quantize } from '@diptych/core';
import { OpenAIEmbeddings } from '@langchain/openai';
import { embedMany } from 'ai';
import { CohereClientV2 } from 'cohere-ai';
import OpenAI, { NotFoundError, UnprocessableEntityError } from 'openai';
import { VoyageAIClient } from 'voyageai';
import { beforeAll, describe, expect, it } from 'vitest';
import { dataUri, disc, givenServer } from './given-server.ts';

const texts = ['a red apple', 'Eisbär', 'a train in the snow', '🍎'];

describe('clients that others wrote get the vectors of the library', () => {
  const given = givenServer();
  let images: Buffer[];
  let ofTexts: number[][];
  let ofImages: number[][];
  const rowsOf = async (modality: 'text' | 'image', precision?: Precision): Promise<number[][]> => {
    const items: unknown = modality === 'text' ? texts : images;
    const rows = await given().space.embed(modality, items as string[]);
    const made = precision ? quantize(rows, precision) : rows;
    const width = made.data.length / rows.shape[0];
    return Array.from({ length: rows.shape[0] }, (_, i) => Array.from(made.data.slice(i * width, (i + 1) * width)));
  };
  beforeAll(async () => {
    images = await Promise.all(['red', 'orange', 'navy'].map(disc));
    ofTexts = await rowsOf('text');
    ofImages = await rowsOf('image');
  });
  const openai = () => new OpenAI({ baseURL: `${given().server.url}/v1`, apiKey: 'none', maxRetries: 0 });

  it('openai, which asks for base64, and for numbers', async () => {
    for (const encoding_format of [undefined, 'float', 'base64'] as const) {
      const answer = await openai().embeddings.create({
        model: 'emoji',
        input: texts,
        ...(encoding_format && { encoding_format }),
      });
      const got = answer.data.map(({ embedding }) =>
        typeof embedding === 'string' ? fromBase64(embedding) : embedding,
      );
      expectClose(got, ofTexts);
      expect(answer.model).toBe('emoji');
      expect(answer.data.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
      expect(answer.usage.prompt_tokens).toBeGreaterThan(0);
    }
  });

  it('openai with dimensions', async () => {
    const answer = await openai().embeddings.create({ model: 'emoji', input: texts[0]!, dimensions: 32 });
    const cut = await given().space.embed('text', texts[0]!, { truncateDim: 32 });
    expectClose([answer.data[0]!.embedding], [Array.from(cut.data)]);
  });

  it('openai tells errors by their class', async () => {
    const wrong = openai().embeddings.create({ model: 'another', input: 'x' });
    await expect(wrong).rejects.toBeInstanceOf(NotFoundError);
    await expect(wrong).rejects.toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
    const tooMany = openai().embeddings.create({ model: 'emoji', input: 'x', dimensions: 4096 });
    await expect(tooMany).rejects.toBeInstanceOf(UnprocessableEntityError);
  });

  it('openai lists the models', async () => {
    const list = await openai().models.list();
    expect(list.data.map(({ id }) => id)).toEqual(['emoji']);
  });

  it("a request as Jina's documentation prints it: texts and images, by address too, in every type", async () => {
    const input = [
      { text: texts[0] },
      { image: dataUri(images[0]!) },
      { image: images[1]!.toString('base64') },
      texts[1],
    ];
    const { body } = await given().post('/v1/embeddings', { model: 'emoji', input, normalized: true });
    const expected = [ofTexts[0]!, ofImages[0]!, ofImages[1]!, ofTexts[1]!];
    expectClose(
      body.data.map(({ embedding }) => embedding),
      expected,
    );
    for (const precision of ['binary', 'ubinary'] as const) {
      const asked = { model: 'emoji', input: texts, embedding_type: precision };
      const { body: bits } = await given().post('/v1/embeddings', asked);
      expect(bits.data.map(({ embedding }) => embedding)).toEqual(await rowsOf('text', precision));
    }
    const { body: raw } = await given().post('/v1/embeddings', { model: 'emoji', input: texts, normalized: false });
    const unscaled = await given().space.embed('text', texts, { normalize: false });
    expectClose([raw.data.flatMap(({ embedding }) => embedding)], [Array.from(unscaled.data)]);
  });

  it("infinity's modality", async () => {
    const input = images.map(dataUri);
    const { body } = await given().post('/v1/embeddings', { model: 'emoji', input, modality: 'image' });
    expectClose(
      body.data.map(({ embedding }) => embedding),
      ofImages,
    );
  });

  it('cohere-ai: texts, images and inputs of both, in every type', async () => {
    const cohere = new CohereClientV2({ token: 'none', environment: given().server.url });
    const embeddingTypes = ['float', 'int8', 'uint8', 'binary', 'ubinary'] as const;
    const answer = await cohere.embed({
      model: 'emoji',
      inputType: 'search_document',
      texts,
      embeddingTypes: [...embeddingTypes],
    });
    expectClose(answer.embeddings.float!, ofTexts);
    for (const precision of ['int8', 'uint8', 'binary', 'ubinary'] as const) {
      expect(answer.embeddings[precision]).toEqual(await rowsOf('text', precision));
    }
    const pictures = await cohere.embed({
      model: 'emoji',
      inputType: 'image',
      images: images.map(dataUri),
      embeddingTypes: ['float'],
    });
    expectClose(pictures.embeddings.float!, ofImages);
    const both = await cohere.embed({
      model: 'emoji',
      inputType: 'search_document',
      embeddingTypes: ['float'],
      inputs: [
        {
          content: [
            { type: 'text', text: texts[0]! },
            { type: 'image_url', imageUrl: { url: dataUri(images[0]!) } },
          ],
        },
      ],
    });
    expectClose(both.embeddings.float!, [middle(ofTexts[0]!, ofImages[0]!)]);
    await expect(cohere.embed({ model: 'another', inputType: 'search_document', texts })).rejects.toMatchObject({
      statusCode: 404,
      body: { message: expect.stringContaining("No model 'another'") },
    });
  });

  it('voyageai: content of both kinds', async () => {
    const voyage = new VoyageAIClient({ apiKey: 'none', environment: `${given().server.url}/v1` });
    const answer = await voyage.multimodalEmbed({
      model: 'emoji',
      inputs: [
        { content: [{ type: 'text', text: texts[2]! }] },
        { content: [{ type: 'image_base64', imageBase64: dataUri(images[2]!) }] },
      ],
    });
    expectClose(
      answer.data!.map(({ embedding }) => embedding!),
      [ofTexts[2]!, ofImages[2]!],
    );
  });

  it("LangChain's client of OpenAI", async () => {
    const embeddings = new OpenAIEmbeddings({
      model: 'emoji',
      apiKey: 'none',
      configuration: { baseURL: `${given().server.url}/v1` },
    });
    expectClose(await embeddings.embedDocuments(texts), ofTexts);
    expectClose([await embeddings.embedQuery(texts[0]!)], [ofTexts[0]!]);
  });

  it("the AI SDK's provider of what is like OpenAI", async () => {
    const provider = createOpenAICompatible({ name: 'diptych', baseURL: `${given().server.url}/v1` });
    const { embeddings } = await embedMany({ model: provider.textEmbeddingModel('emoji'), values: texts });
    expectClose(embeddings, ofTexts);
  });

  it('ranks documents of both kinds by their cosine', async () => {
    const documents = [texts[1]!, { image: dataUri(images[0]!) }, { text: texts[3]! }];
    const asked = { model: 'emoji', query: texts[0], documents, return_documents: true };
    const cosines = [ofTexts[1]!, ofImages[0]!, ofTexts[3]!].map((row) => dot(row, ofTexts[0]!));
    for (const path of ['/rerank', '/v1/rerank']) {
      const { body } = await given().post(path, asked);
      const { results } = body;
      expect(results.map(({ index }) => index)).toEqual([0, 1, 2].toSorted((a, b) => cosines[b]! - cosines[a]!));
      for (const { index, relevance_score } of results) expect(relevance_score).toBeCloseTo(cosines[index]!, 5);
    }
    const cohere = new CohereClientV2({ token: 'none', environment: given().server.url });
    const top = await cohere.rerank({ model: 'emoji', query: texts[0]!, documents: texts, topN: 1 });
    expect(top.results).toMatchObject([{ index: 0 }]);
  });

  it('says which label fits', async () => {
    const labels = ['fruit', 'car', 'animal'];
    const asked = { model: 'emoji', input: images.map(dataUri), labels };
    const headers = { 'Content-Type': 'application/json' };
    const answer = await fetch(`${given().server.url}/classify`, {
      method: 'POST',
      headers,
      body: JSON.stringify(asked),
    });
    const body = (await answer.json()) as Classified;
    const rows = await given().space.embed('image', images);
    const expected = await given().space.classify(rows, labels);
    expect(body.data.map((one) => one.map(({ label }) => label))).toEqual(
      expected.map((one) => one.map(({ label }) => label)),
    );
    expectClose(
      body.data.map((one) => one.map(({ score }) => score)),
      expected.map((one) => one.map(({ score }) => score)),
    );
  });
});

interface Classified {
  readonly data: readonly (readonly { readonly label: string; readonly score: number }[])[];
}

function expectClose(got: readonly (readonly number[])[], expected: readonly (readonly number[])[]): void {
  expect(got.map((row) => row.length)).toEqual(expected.map((row) => row.length));
  const worst = Math.max(...got.flatMap((row, i) => row.map((v, j) => Math.abs(v - expected[i]![j]!))));
  expect(worst).toBeLessThanOrEqual(1e-6);
}

function fromBase64(text: string): number[] {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return Array.from(new Float32Array(bytes.buffer));
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, v, i) => sum + v * b[i]!, 0);
}

function middle(a: readonly number[], b: readonly number[]): number[] {
  const sum = a.map((v, i) => v + b[i]!);
  return sum.map((v) => v / Math.hypot(...sum));
}
