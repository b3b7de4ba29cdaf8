import type { Command } from 'commander';
import { EmbeddingError } from '@diptych/core';
import type { Io } from '../io.ts';

export function defineServe(command: Command, io: Io): void {
  command
    .summary('an embedding server that the clients of OpenAI, Cohere, Voyage and Jina speak to')
    .description(
      'What diptych-server of @diptych/server does, which has to be installed; its options are told by --help.',
    )
    .argument('[options...]', 'those of diptych-server')
    .helpOption(false)
    .allowUnknownOption()
    .action(async (_: readonly string[], __: object, { args }: Command) => {
      const { importPackage } = await import('../packages/import-package.ts');
      const { serve } = await importPackage('@diptych/server', io.folder);
      if (typeof serve !== 'function') {
        const expected = 'a version that exports serve';
        throw new EmbeddingError('INPUT_INVALID', { where: '@diptych/server', expected, got: typeof serve });
      }
      await serve(args, 'diptych serve');
    });
}
