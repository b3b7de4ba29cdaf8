import type { Architecture } from '../architecture.ts';
import { readJson } from '../model-json.ts';

const modelType = 'aligned';

/**
 * What `diptych align` writes: two linear heads that canonical correlation found. `config.json` says
 * `{ "model_type": "aligned", dim, image: { inputs }, text: { kind, inputs } }`. The head of images is over what the model in
 * `backbone` gives; that of texts, of kind `features`, over what the one in `text-backbone` does, or else `backbone`; of kind
 * `tfidf` over the words and weights in `vocab.json`. A modality whose model is not there is left out.
 */
export const aligned: Architecture = {
  version: 1,
  name: modelType,
  async open(files, options) {
    const json = await readJson(files, 'config.json', options.signal);
    if (json?.['model_type'] !== modelType) return undefined;
    // Few pages open one.
    const { openAligned } = await import('./open-aligned.ts');
    return openAligned(files, json, options);
  },
};
