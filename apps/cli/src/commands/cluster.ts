import { type Command, InvalidArgumentError } from 'commander';
import type { OpenSearchOptions } from '../image-index/open-search.ts';
import { addEmbeddingOptions, imagesOption, indexOption, nullOption } from '../index-options.ts';
import type { Io } from '../io.ts';
import { addModelOptions, count } from '../model-options.ts';
import { type Format, formatOption } from '../output/format.ts';

export interface ClusterOptions extends OpenSearchOptions {
  readonly clusters?: number;
  readonly tags?: readonly string[];
  readonly links?: string;
  readonly seed: number;
  readonly format?: Format;
}

export function defineCluster(command: Command, io: Io, done: (failures: number) => void): void {
  addModelOptions(
    addEmbeddingOptions(
      command
        .summary('groups of images that are alike, with names')
        .description(
          'Groups of images that are alike, named by the words that fit them best. The same seed gives the same groups. The index ' +
            'is that of diptych search, and is brought up to date first.',
        )
        .addOption(imagesOption().makeOptionMandatory())
        .addOption(indexOption())
        .option('--clusters <n>', 'groups (default: about the root of half the images, 40 at most)', count)
        .option(
          '--tags <words>',
          'words to name groups by, separated by commas (default: some 330 everyday ones)',
          list,
        )
        .option('--links <folder>', 'make a folder of links there for each group; nothing is moved')
        .option('--seed <n>', 'where the search for groups starts', seed, 0)
        .addOption(nullOption())
        .addOption(formatOption()),
    ),
  ).action(async (options: ClusterOptions) => {
    const { cluster } = await import('../actions/cluster.ts');
    done(await cluster(options, io));
  });
}

function list(text: string): readonly string[] {
  const words = text.split(',').map((word) => word.trim());
  if (words.every(Boolean)) return words;
  throw new InvalidArgumentError('Expected words, separated by commas.');
}

function seed(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('Expected a whole number.');
}
