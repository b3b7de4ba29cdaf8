import { once } from 'node:events';
import { resolve } from 'node:path';
import { EmbeddingError, quote } from '@diptych/core';
import { McpServer } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { z } from 'zod';
import { imageFiles } from '../file-kinds.ts';
import { bestImages } from '../image-index/best-images.ts';
import { type ImageSearch, openSearch, type OpenSearchOptions } from '../image-index/open-search.ts';
import type { Io } from '../io.ts';
import { terminalProgress } from '../progress.ts';
import { embedQueries } from '../queries.ts';
import { failureReport } from '../report.ts';
import { version } from '../version.ts';

const image = z.string().describe('path of an image as a search tells it, or a data URI of an image');

/** Serves until the client leaves or the user stops it. */
export async function mcp(options: OpenSearchOptions, io: Io): Promise<void> {
  if (options.images?.includes('-')) {
    const expected = 'folders and files, since the client has stdin';
    throw new EmbeddingError('INPUT_INVALID', { where: '--images', expected, got: '-' });
  }
  const progress = terminalProgress(io, options.quiet);
  const { onFailure } = failureReport(progress);
  await using search = await openSearch(options, io, progress, onFailure);
  await search.update();
  const server = new McpServer({ name: 'diptych', version });
  addTools(server, search, io.signal);
  const transport = new StdioServerTransport(io.stdin, io.stdout);
  const left = Promise.race([once(io.stdin, 'end'), once(io.stdin, 'close'), once(io.signal, 'abort')]);
  await server.connect(transport);
  await left;
  await server.close();
  io.signal.throwIfAborted();
}

function addTools(server: McpServer, search: ImageSearch, signal: AbortSignal): void {
  const { space } = search;
  server.registerTool(
    'search_images',
    {
      title: 'Search images',
      description: `Finds the images on this computer that fit a text, are like an image, or both. ${search.listed.size} images are known.`,
      inputSchema: z.object({
        text: z
          .string()
          .min(1)
          .optional()
          .describe('what the images should show; "beach - people" for what they should not'),
        image: image.optional(),
        top_k: z.int().min(1).max(100).default(10).describe('most images'),
      }),
      outputSchema: z.object({ hits: z.array(z.object({ path: z.string(), score: z.number() })) }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ text, image: like, top_k }) => {
      if (text === undefined && like === undefined) {
        throw new EmbeddingError('INPUT_INVALID', {
          where: 'search_images',
          expected: 'a text or an image',
          got: 'neither',
        });
      }
      const queries = await embedQueries(
        space,
        {
          texts: text === undefined ? [] : [text],
          files: like === undefined ? [] : [known(like, search)],
          kind: imageFiles,
        },
        signal,
      );
      const [hits = []] = await bestImages(search, queries, { k: top_k, signal });
      return answer({ hits });
    },
  );
  server.registerTool(
    'classify_image',
    {
      title: 'Classify an image',
      description: 'Which of some labels fits an image best, with scores that add up to 1 for most models.',
      inputSchema: z.object({ image, labels: z.array(z.string().min(1)).min(1).max(1000) }),
      outputSchema: z.object({ predictions: z.array(z.object({ label: z.string(), score: z.number() })) }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ image: one, labels }) => {
      const [predictions = []] = await space.classify([known(one, search)], labels, { signal });
      return answer({ predictions });
    },
  );
  server.registerTool(
    'embed',
    {
      title: 'Embed texts and images',
      description: `Vectors of ${space.dim} numbers and length 1; the inner product of two says how alike they are.`,
      inputSchema: z.object({
        texts: z.array(z.string()).max(256).default([]),
        images: z.array(image).max(64).default([]),
      }),
      outputSchema: z.object({ texts: z.array(z.array(z.number())), images: z.array(z.array(z.number())) }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    async ({ texts, images }) => {
      const paths = images.map((one) => known(one, search));
      const rows = (made: { data: Float32Array; shape: readonly number[] }) =>
        Array.from({ length: made.shape[0]! }, (_, i) =>
          Array.from(made.data.subarray(i * space.dim, (i + 1) * space.dim)),
        );
      return answer({
        texts: texts.length === 0 ? [] : rows(await space.embed('text', texts, { signal })),
        images: paths.length === 0 ? [] : rows(await space.embed('image', paths, { signal })),
      });
    },
  );
  server.registerTool(
    'update_index',
    {
      title: 'Look for new images',
      description: 'Embeds images that are new or changed since the start, and forgets those that are gone.',
      outputSchema: z.object({ images: z.int() }),
      annotations: { idempotentHint: true, openWorldHint: false },
    },
    async () => {
      await search.update();
      return answer({ images: search.listed.size });
    },
  );
}

/** As tools answer: for programs, and as text for clients that know nothing else. */
function answer<T extends Record<string, unknown>>(structuredContent: T) {
  return { structuredContent, content: [{ type: 'text' as const, text: JSON.stringify(structuredContent) }] };
}

/** What an assistant may have read: an image that is listed, or what it brings along; no other file and no address. */
function known(given: string, { listed }: ImageSearch): string {
  if (/^data:image\//i.test(given)) return given;
  const path = resolve(given);
  const found = [...listed.values()].find((file) => resolve(file.path) === path);
  if (found) return found.path;
  const expected = 'the path of an image that is searched, or a data URI';
  throw new EmbeddingError('INPUT_INVALID', { where: 'image', expected, got: quote(given) });
}
