/** The `model_type`s of transformers that are networks of texts. */
export const networkTypes = [
  'bert',
  'distilbert',
  'modernbert',
  'mpnet',
  'nomic_bert',
  'roberta',
  'xlm-roberta',
] as const;

export type NetworkType = (typeof networkTypes)[number];

export function isNetworkType(type: unknown): type is NetworkType {
  return networkTypes.some((known) => known === type);
}
