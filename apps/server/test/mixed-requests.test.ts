import { type Precision, quantize, seededRandom } from '@diptych/core';
import { describe, expect, it } from 'vitest';
import { type AnswerBody, dataUri, disc, givenServer } from './given-server.ts';

/** `DIPTYCH_LONG` asks for all of them, which take minutes where others use the machine. */
const [count, patience] = process.env['DIPTYCH_LONG'] === undefined ? [1000, 120_000] : [10_000, 1_200_000];

const precisions = ['float32', 'int8', 'uint8', 'binary', 'ubinary'] as const;

/** A request of a format, and what of its answer are the vectors. */
interface Format {
  readonly path: string;
  body(parts: readonly Part[], precision: Precision, isBase64: boolean, dimensions?: number): object;
  vectors(body: AnswerBody, precision: Precision, isBase64: boolean): readonly (readonly number[])[];
}

type Part = { readonly text: string } | { readonly image: string };

const nameOf = (precision: Precision): string => (precision === 'float32' ? 'float' : precision);

const formats: readonly Format[] = [
  {
    path: '/v1/embeddings',
    body: (input, precision, isBase64, dimensions) => ({
      input: input.map((part) => ('text' in part ? part.text : part)),
      dimensions,
      ...(isBase64 ? { encoding_format: 'base64' } : { embedding_type: nameOf(precision) }),
    }),
    vectors: ({ data }, _, isBase64) =>
      data.map(({ embedding }) => (isBase64 ? decoded(embedding, 'float32') : embedding)),
  },
  {
    path: '/v2/embed',
    body: (parts, precision, isBase64, output_dimension) => ({
      inputs: parts.map((part) => ({
        content: [
          'text' in part ? { type: 'text', text: part.text } : { type: 'image_url', image_url: { url: part.image } },
        ],
      })),
      output_dimension,
      embedding_types: [isBase64 ? 'base64' : nameOf(precision), 'float'],
    }),
    vectors: ({ embeddings }, precision, isBase64) => {
      const all: Readonly<Record<string, readonly (readonly number[])[]>> = embeddings;
      return isBase64 ? all['base64']!.map((row) => decoded(row, 'float32')) : all[nameOf(precision)]!;
    },
  },
  {
    path: '/v1/multimodalembeddings',
    body: (parts, precision, isBase64, output_dimension) => ({
      inputs: parts.map((part) => ({
        content: [
          'text' in part ? { type: 'text', text: part.text } : { type: 'image_base64', image_base64: part.image },
        ],
      })),
      output_dimension,
      output_dtype: nameOf(precision),
      ...(isBase64 && { output_encoding: 'base64' }),
    }),
    vectors: ({ data }, precision, isBase64) =>
      data.map(({ embedding }) => (isBase64 ? decoded(embedding, precision) : embedding)),
  },
];

/** Numbers of the bytes that base64 has. */
function decoded(base64: unknown, precision: Precision): number[] {
  const bytes = Uint8Array.from(Buffer.from(base64 as string, 'base64'));
  if (precision === 'float32') return Array.from(new Float32Array(bytes.buffer));
  return Array.from(precision === 'int8' || precision === 'binary' ? new Int8Array(bytes.buffer) : bytes);
}

describe('many at once', () => {
  const given = givenServer({ queue: 100_000 });

  it(
    `no wrong and no mixed-up answer in ${count} mixed requests`,
    async () => {
      const random = seededRandom(7);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
      const colours = ['red', 'green', 'blue', 'orange', 'purple', 'black', 'pink', 'gold'];
      const images = await Promise.all(colours.map(disc));
      const uris = images.map(dataUri);
      const texts = Array.from({ length: 500 }, (_, i) => `${colours[i % 8]} thing ${i} ${'and more '.repeat(i % 7)}`);
      const { space } = given();
      const made = new Map<string, { readonly data: ArrayLike<number>; readonly width: number }>();
      for (const truncateDim of [undefined, 48]) {
        for (const modality of ['text', 'image'] as const) {
          const items: readonly (string | Uint8Array)[] = modality === 'text' ? texts : images;
          const rows = await space.embed(modality, items as readonly string[], { truncateDim: truncateDim! });
          for (const precision of precisions) {
            const { data } = precision === 'float32' ? rows : quantize(rows, precision);
            made.set(`${modality} ${precision} ${truncateDim}`, { data, width: data.length / items.length });
          }
        }
      }
      const ask = async (): Promise<void> => {
        const { path, body, vectors } = pick(formats);
        const dimensions = random() < 0.3 ? 48 : undefined;
        const isBase64 = random() < 0.3;
        // Only Voyage's base64 is of other numbers than floats.
        const precision = isBase64 && path !== '/v1/multimodalembeddings' ? 'float32' : pick(precisions);
        const parts = Array.from({ length: random() < 0.7 ? 1 : 1 + Math.floor(random() * 5) }, () => {
          const modality = random() < 0.8 ? ('text' as const) : ('image' as const);
          return { modality, at: Math.floor(random() * (modality === 'text' ? texts.length : images.length)) };
        });
        const input = parts.map(({ modality, at }) =>
          modality === 'text' ? { text: texts[at]! } : { image: uris[at]! },
        );
        const answer = await given().post(path, body(input, precision, isBase64, dimensions));
        expect(answer.status).toBe(200);
        const got = vectors(answer.body, precision, isBase64);
        expect(got).toHaveLength(parts.length);
        parts.forEach(({ modality, at }, i) => {
          const { data, width } = made.get(`${modality} ${precision} ${dimensions}`)!;
          expect(got[i]).toHaveLength(width);
          const worst = got[i]!.reduce((most, v, j) => Math.max(most, Math.abs(v - data[at * width + j]!)), 0);
          expect(worst, `${path} ${precision}`).toBeLessThanOrEqual(precision === 'float32' ? 1e-6 : 0);
        });
      };
      let left = count;
      const client = async (): Promise<void> => {
        while (left-- > 0) await ask();
      };
      await Promise.all(Array.from({ length: 32 }, client));
      const counted = await (await fetch(`${given().server.url}/metrics`)).text();
      const answered = Array.from(counted.matchAll(/^diptych_requests_total\{.*status="200"\} (\d+)$/gm), ([, n]) =>
        Number(n),
      );
      expect(answered.reduce((sum, n) => sum + n, 0)).toBe(count);
    },
    patience,
  );
});
