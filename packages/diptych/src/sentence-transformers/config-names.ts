import type { Files } from '@diptych/files';
import { readText } from '../model-json.ts';

const usual = 'sentence_bert_config.json';

/** What older versions of sentence-transformers called the configuration of the network's module, by the network. */
const older = ['roberta', 'distilbert', 'camembert', 'albert', 'xlm-roberta', 'xlnet'].map(
  (network) => `sentence_${network}_config.json`,
);

/** The same files, with `sentence_bert_config.json` being the first of all its names that is there and not empty. */
export function withConfigNames(files: Files): Files {
  return {
    id: files.id,
    has: files.has && ((path, signal) => files.has!(path, signal)),
    peek: files.peek && ((path, signal) => files.peek!(path, signal)),
    paths: files.paths && ((signal) => files.paths!(signal)),
    async open(path, signal) {
      if (path !== usual) return files.open(path, signal);
      for (const name of [usual, ...older]) {
        const text = await readText(files, name, signal);
        if (text !== undefined && !/^\s*\{\s*\}\s*$/.test(text)) return files.open(name, signal);
      }
      return undefined;
    },
  };
}
