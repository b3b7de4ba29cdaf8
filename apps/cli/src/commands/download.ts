import type { Command } from 'commander';
import type { Io } from '../io.ts';
import { architectureOption, revisionOption } from '../model-options.ts';

export interface DownloadOptions {
  readonly revision?: string;
  readonly architecture?: readonly string[];
  readonly quiet?: boolean;
}

export function defineDownload(command: Command, io: Io, done: (failures: number) => void): void {
  command
    .summary('fetch a model of the Hugging Face hub')
    .description(
      'Downloads a model of the Hugging Face hub into its cache, and prints the folder. What is there is not ' +
        'downloaded again, and an interrupted download goes on where it stopped. A model that would not open is refused ' +
        'before its weights are fetched.',
    )
    .argument('<model>', 'org/name')
    .argument('[files...]', 'files of the model (default: those that opening it reads, and its card)')
    .addOption(revisionOption())
    .addOption(architectureOption())
    .option('--quiet', 'no progress bar')
    .action(async (model: string, files: readonly string[], options: DownloadOptions) => {
      const { download } = await import('../actions/download.ts');
      done(await download(model, files, options, io));
    });
}
