import { imageConfig, textConfig } from './clip-b32.ts';

/** Multiplications and additions of one item in products of matrices, attention's included. */
export const work: Readonly<Record<'image' | 'text', number>> = {
  image: imageWork(),
  text: transformerWork(textConfig, textConfig.contextLength) + 2 * textConfig.width * textConfig.dim,
};

function imageWork(): number {
  const { imageSize, patchSize, width, dim } = imageConfig;
  const patches = (imageSize / patchSize) ** 2;
  const embedding = 2 * patches * 3 * patchSize ** 2 * width;
  return embedding + transformerWork(imageConfig, patches + 1) + 2 * width * dim;
}

function transformerWork(
  { width, mlpWidth, layers }: { width: number; mlpWidth: number; layers: number },
  tokens: number,
): number {
  const linear = tokens * width * (4 * width + 2 * mlpWidth);
  const attention = 2 * tokens ** 2 * width;
  return 2 * layers * (linear + attention);
}
