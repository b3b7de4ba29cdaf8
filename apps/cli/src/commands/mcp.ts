import type { Command } from 'commander';
import type { OpenSearchOptions } from '../image-index/open-search.ts';
import type { Io } from '../io.ts';
import { addEmbeddingOptions, indexOption } from '../index-options.ts';
import { addModelOptions, repeatable } from '../model-options.ts';

export function defineMcp(command: Command, io: Io): void {
  addModelOptions(
    addEmbeddingOptions(
      command
        .summary('lets an assistant search images, over the Model Context Protocol')
        .description(
          'A server of the Model Context Protocol on stdin and stdout, whose tools search the images by text or image, embed, ' +
            'and classify. It has the index of diptych search, brings it up to date when it starts, and holds it until its client ' +
            'leaves. The assistant can name only images that are among those listed, or send one itself.',
        )
        .addOption(repeatable('--images <path>', 'folder, quoted glob or file to search').makeOptionMandatory())
        .addOption(indexOption()),
    ),
  ).action(async (options: OpenSearchOptions) => {
    const { mcp } = await import('../actions/mcp.ts');
    await mcp(options, io);
  });
}
