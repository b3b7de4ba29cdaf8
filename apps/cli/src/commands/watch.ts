import type { Command } from 'commander';
import type { OpenSearchOptions } from '../image-index/open-search.ts';
import { addEmbeddingOptions, indexOption } from '../index-options.ts';
import type { Io } from '../io.ts';
import { addModelOptions, repeatable } from '../model-options.ts';
import { type Format, formatOption } from '../output/format.ts';

export interface WatchOptions extends OpenSearchOptions {
  readonly images: readonly string[];
  readonly format?: Format;
}

export function defineWatch(command: Command, io: Io): void {
  addModelOptions(
    addEmbeddingOptions(
      command
        .summary('keeps the index of a folder up to date')
        .description(
          'Keeps the index of diptych search up to date: first as a search does, then whenever an image comes, changes or goes, a ' +
            'line for each. A file is read when it has not grown for half a second. It may be stopped at any moment, and holds ' +
            'the index until then: a search of it has to wait.',
        )
        .addOption(repeatable('--images <folder>', 'folder to watch').makeOptionMandatory())
        .addOption(indexOption())
        .addOption(formatOption()),
    ),
  ).action(async (options: WatchOptions) => {
    const { watch } = await import('../actions/watch.ts');
    await watch(options, io);
  });
}
