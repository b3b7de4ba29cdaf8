import { seededRandom } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { dataUri, disc, givenServer } from './given-server.ts';

const count = 10_000;

describe('many at once', () => {
  const given = givenServer({ queue: 100_000 });

  it(`no wrong and no mixed-up answer in ${count} mixed requests`, async () => {
    const random = seededRandom(7);
    const colours = ['red', 'green', 'blue', 'orange', 'purple', 'black', 'pink', 'gold'];
    const images = await Promise.all(colours.map(disc));
    const texts = Array.from({ length: 500 }, (_, i) => `${colours[i % 8]} thing ${i} ${'and more '.repeat(i % 7)}`);
    const { space } = given();
    const expected = {
      text: { whole: await space.embed('text', texts), cut: await space.embed('text', texts, { truncateDim: 48 }) },
      image: {
        whole: await space.embed('image', images),
        cut: await space.embed('image', images, { truncateDim: 48 }),
      },
    };
    const ask = async (): Promise<void> => {
      const dimensions = random() < 0.3 ? 48 : undefined;
      const parts = Array.from({ length: random() < 0.7 ? 1 : 1 + Math.floor(random() * 5) }, () => {
        const modality = random() < 0.8 ? ('text' as const) : ('image' as const);
        return { modality, at: Math.floor(random() * (modality === 'text' ? texts.length : images.length)) };
      });
      const input = parts.map(({ modality, at }) =>
        modality === 'text' ? texts[at]! : { image: dataUri(images[at]!) },
      );
      const { status, body } = await given().post('/v1/embeddings', { input, dimensions });
      expect(status).toBe(200);
      parts.forEach(({ modality, at }, i) => {
        const { data, shape } = expected[modality][dimensions === undefined ? 'whole' : 'cut'];
        const row: number[] = body.data[i]!.embedding;
        expect(row).toHaveLength(shape[1]);
        const worst = row.reduce((most, v, j) => Math.max(most, Math.abs(v - data[at * shape[1] + j]!)), 0);
        expect(worst).toBeLessThanOrEqual(1e-6);
      });
    };
    let left = count;
    const client = async (): Promise<void> => {
      while (left-- > 0) await ask();
    };
    await Promise.all(Array.from({ length: 32 }, client));
    const counted = await (await fetch(`${given().server.url}/metrics`)).text();
    expect(counted).toContain(`diptych_requests_total{route="/v1/embeddings",status="200"} ${count}`);
  });
});
