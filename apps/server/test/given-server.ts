import { emoji } from '@diptych/model-emoji';
import { type EmbeddingSpace, open } from 'diptych';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterAll, beforeAll } from 'vitest';
import { type RunningServer, readSettings, type ServerOptions, startServer } from '../src/index.ts';

/** What an answer of any format may have. */
export interface AnswerBody {
  readonly data: readonly { readonly embedding: number[] }[];
  readonly embeddings: { readonly float: readonly number[][] };
  readonly results: readonly { readonly index: number; readonly relevance_score: number }[];
  readonly error: Readonly<Record<'message' | 'type' | 'code', string>>;
  readonly message: string;
  readonly detail: string;
}

export interface Given {
  readonly server: RunningServer;
  readonly space: EmbeddingSpace;
  post(
    path: string,
    body: unknown,
    init?: RequestInit,
  ): Promise<{ status: number; headers: Headers; body: AnswerBody }>;
}

/** A server of the emoji model that runs for the tests of a file, and the same model in this process. */
export function givenServer(
  settings: Readonly<Record<string, unknown>> = {},
  options: ServerOptions = {},
): () => Given {
  let given: Given;
  beforeAll(async () => {
    const server = await startServer(await readSettings({ port: 0, ...settings }, {}), {
      log: pino({ level: 'silent' }),
      ...options,
    });
    given = {
      server,
      space: await open(emoji),
      async post(path, body, init) {
        const answer = await fetch(server.url + path, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: typeof body === 'string' ? body : JSON.stringify(body),
          ...init,
        });
        return { status: answer.status, headers: answer.headers, body: (await answer.json()) as AnswerBody };
      },
    };
  });
  afterAll(async () => {
    given.space.dispose();
    await given.server.stop();
  });
  return () => given;
}

/** PNG files: a disc of a colour on white. */
export async function disc(colour: string): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="96" height="96"><rect width="96" height="96" fill="white"/><circle cx="48" cy="48" r="40" fill="${colour}"/></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}

export function dataUri(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
