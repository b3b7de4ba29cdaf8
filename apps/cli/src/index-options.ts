import { type Command, Option } from 'commander';
import { count, defaultBatchSize, precisionOption, repeatable } from './model-options.ts';

/** `--images` of commands that keep an index of them. */
export function imagesOption(): Option {
  return repeatable('--images <path>', 'folder, quoted glob or file to search, or - for paths on stdin');
}

/** The same of sounds. */
export function soundsOption(): Option {
  return repeatable(
    '--sounds <path>',
    'folder, quoted glob or sound file (WAV, FLAC) to search, with a model of sounds',
  );
}

export function indexOption(): Option {
  return new Option(
    '--index <folder>',
    'where embeddings are kept (default: .diptych/<model> in the first searched folder)',
  );
}

export function nullOption(): Option {
  return new Option('--null', 'paths on stdin end with NUL (find -print0)');
}

/** How files are embedded for an index. */
export function addEmbeddingOptions(command: Command): Command {
  return command
    .addOption(precisionOption())
    .option('--batch-size <n>', 'files per forward pass', count, defaultBatchSize);
}
