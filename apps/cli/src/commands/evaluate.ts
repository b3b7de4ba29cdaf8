import { type Command, Option } from 'commander';
import type { Io } from '../io.ts';
import { addModelOptions, count, defaultBatchSize, type ModelOptions } from '../model-options.ts';
import { type Format, formatOption } from '../output/format.ts';

export interface EvaluateOptions extends ModelOptions {
  readonly images?: string;
  readonly split?: string;
  readonly folds: number;
  readonly output?: string;
  readonly map: 'pca' | 'umap';
  readonly format?: Format;
  readonly batchSize: number;
}

export function defineEvaluate(command: Command, io: Io): void {
  addModelOptions(
    command
      .summary('how well a model retrieves images and captions')
      .description(
        'Recall and ranks in both directions by the protocol of VSE++, with intervals, and diagnostics of the space.',
      )
      .argument('<data>', 'captioned images: .jsonl, .csv or .tsv with image and captions, or Karpathy .json')
      .option('--images <folder>', 'where paths of images start (default: the folder of the data)')
      .option('--split <name>', 'only this split, as test')
      .option('--folds <n>', 'mean over parts of the images; 5 of COCO 5K is COCO 1K', count, 1)
      .option('--output <folder>', 'also write report.md, report.json and plots')
      .addOption(
        new Option('--map <method>', 'how the map of the report is made').choices(['pca', 'umap']).default('pca'),
      )
      .addOption(formatOption())
      .option('--batch-size <n>', 'items per forward pass', count, defaultBatchSize),
  ).action(async (data: string, options: EvaluateOptions) => {
    // Readers and metrics are loaded when they are needed: the other commands start without them.
    const { evaluate } = await import('../evaluation/evaluate.ts');
    await evaluate(data, options, io);
  });
}
