import { emoji } from '@diptych/model-emoji';
import { EmbeddingError, type Embeddings, type EmbeddingSpace, open, type TextAndImage } from 'diptych';

/** What a program with nothing but `es2022` may write, and what it may not. */
export async function use(space: EmbeddingSpace<TextAndImage>): Promise<number> {
  const { data, shape }: Embeddings<'int8'> = await space.embed('text', 'a red apple', { precision: 'int8' });
  const pixels = { data: new Uint8ClampedArray(4), width: 1, height: 1 };
  const [predictions] = await space.classify([pixels], ['cat', 'dog']);
  // @ts-expect-error A modality that the model lacks.
  await space.embed('sound', []);
  // @ts-expect-error No precision.
  await space.embed('text', 'a', { precision: 'float8' });
  using again = await open(emoji, { files: ['config.json'] });
  again.dispose();
  if (!predictions) throw new EmbeddingError('INPUT_INVALID', { where: 'pictures', expected: 'one', got: 'none' });
  return (data[0] ?? 0) + shape[0] + predictions.length;
}
