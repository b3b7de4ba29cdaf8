import type { Command } from 'commander';
import type { OpenSearchOptions } from '../image-index/open-search.ts';
import type { Io } from '../io.ts';
import { addEmbeddingOptions, imagesOption, indexOption, nullOption, soundsOption } from '../index-options.ts';
import { addModelOptions, count, repeatable } from '../model-options.ts';
import { type Format, formatOption } from '../output/format.ts';

export interface SearchOptions extends OpenSearchOptions {
  readonly image?: readonly string[];
  readonly sound?: readonly string[];
  readonly topK: number;
  readonly format?: Format;
}

export function defineSearch(command: Command, io: Io, done: (failures: number) => void): void {
  addModelOptions(
    addEmbeddingOptions(
      command
        .summary('the images or sounds that fit a text, an image or a sound best')
        .description(
          'The images that fit a text, another image or both best, or the sounds that fit a text, another sound or both best. ' +
            'Embeddings are kept on disk: only new and changed files are embedded, and an interrupted run goes on where it stopped.',
        )
        .argument(
          '[queries...]',
          "texts, each searched for by itself: 'a beach at night'; less what is not wanted: 'beach - people', 'beach -people', " +
            "'beach without red cars'; what stands in double quotes is taken as it is: '\"a man without a hat\"'. A hyphen in a " +
            'word is no minus; before a text that begins with one, write --',
        )
        .addOption(imagesOption())
        .addOption(soundsOption().conflicts('images'))
        .addOption(
          repeatable('--image <file>', 'image to search for, with each text where there are some').conflicts('sounds'),
        )
        .addOption(
          repeatable('--sound <file>', 'sound to search for, with each text where there are some').conflicts('images'),
        )
        .addOption(indexOption())
        .option('--top-k <n>', 'files shown for a query', count, 10)
        .addOption(nullOption())
        .addOption(formatOption()),
    ),
  ).action(async (queries: readonly string[], options: SearchOptions) => {
    const { search } = await import('../actions/search.ts');
    done(await search(queries, options, io));
  });
}
