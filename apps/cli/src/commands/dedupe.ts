import { type Command, InvalidArgumentError } from 'commander';
import type { OpenSearchOptions } from '../image-index/open-search.ts';
import { addEmbeddingOptions, imagesOption, indexOption, nullOption } from '../index-options.ts';
import type { Io } from '../io.ts';
import { addModelOptions } from '../model-options.ts';
import { type Format, formatOption } from '../output/format.ts';

export interface DedupeOptions extends OpenSearchOptions {
  readonly threshold: number;
  readonly format?: Format;
}

export function defineDedupe(command: Command, io: Io, done: (failures: number) => void): void {
  addModelOptions(
    addEmbeddingOptions(
      command
        .summary('groups of images that are nearly the same, and which of each to keep')
        .description(
          'Groups of images that are nearly the same, joined by pairs that are, directly or through others, and which of each to ' +
            'keep: that with most pixels, then most bytes, then a format without loss, then the oldest. Nothing is deleted. The ' +
            'index is that of diptych search, and is brought up to date first.',
        )
        .addOption(imagesOption().makeOptionMandatory())
        .addOption(indexOption())
        .option('--threshold <cosine>', 'how alike two images have to be', cosine, defaultThreshold)
        .addOption(nullOption())
        .addOption(formatOption()),
    ),
  ).action(async (options: DedupeOptions) => {
    const { dedupe } = await import('../actions/dedupe.ts');
    done(await dedupe(options, io));
  });
}

/** See the README for what it finds. */
const defaultThreshold = 0.97;

function cosine(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= -1 && value <= 1) return value;
  throw new InvalidArgumentError('Expected a cosine, -1 to 1.');
}
