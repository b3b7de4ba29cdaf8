import { imageConfig, textConfig } from './clip-b32.ts';

/**
 * Multiplications and additions of one item in products of matrices, attention's included, that an embedding needs: with
 * causal attention a token meets those before it alone, and the last block goes on with one token.
 */
export const work: Readonly<Record<'image' | 'text', number>> = {
  image: imageWork(),
  text: transformerWork(textConfig, textConfig.contextLength, true) + 2 * textConfig.width * textConfig.dim,
};

function imageWork(): number {
  const { imageSize, patchSize, width, dim } = imageConfig;
  const patches = (imageSize / patchSize) ** 2;
  const embedding = 2 * patches * 3 * patchSize ** 2 * width;
  return embedding + transformerWork(imageConfig, patches + 1, false) + 2 * width * dim;
}

function transformerWork(
  { width, mlpWidth, layers }: { width: number; mlpWidth: number; layers: number },
  tokens: number,
  causal: boolean,
): number {
  const pairs = causal ? (tokens * (tokens + 1)) / 2 : tokens ** 2;
  const before = tokens * width * 3 * width + 2 * pairs * width;
  const after = width * (width + 2 * mlpWidth);
  return 2 * (layers * before + ((layers - 1) * tokens + 1) * after);
}
