import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSignal, EmbeddingError, expectFunction, expectMembers, expectText } from '@diptych/core';
import { blobFiles } from '@diptych/files';
import { onDisk } from '@diptych/files/node';
import { filesOf, folderOf, kinds, namesIn, partialFolder, pathOf, unknownOf, writeShard } from '../clip-layout.ts';
import { type NamedRows, read, reportMembers, type Shard, type ShardReport } from '../job.ts';
import { persistence } from '../persistence.ts';
import type { Finished, Sink, SinkOptions } from '../sink.ts';
import { Bucket, type BucketAccess, isPassing } from './bucket.ts';

/**
 * A bucket of S3, or of a server that speaks it, in clip-retrieval's layout as `folderSink` has it.
 *
 * Rows are put under names of their own. Then the report is put where none is, which only one worker can do (`If-None-Match`,
 * which the server must know): it says which objects are the shard's, and whoever comes by copies them to their places. An
 * object is put in one piece, of two gigabytes at most. A server that does not answer is waited for.
 *
 * @param address `s3://bucket` or `s3://bucket/prefix`.
 * @throws {EmbeddingError} `INPUT_INVALID` for what is no address, and where this machine's disk for temporary files refuses;
 *   `NETWORK` where the server does.
 */
export async function bucketSink(address: string, access: BucketAccess, options: SinkOptions = {}): Promise<Sink> {
  expectText(address, 'bucketSink: address');
  const { accessKeyId, secretAccessKey, region, endpoint, sessionToken } = expectMembers(access, 'bucketSink: access');
  expectText(accessKeyId, 'bucketSink: accessKeyId');
  expectText(secretAccessKey, 'bucketSink: secretAccessKey');
  for (const [name, value] of Object.entries({ region, endpoint, sessionToken }))
    if (value !== undefined) expectText(value, `bucketSink: ${name}`);
  const { signal, onNote } = expectMembers(options, 'bucketSink: options');
  checkSignal(signal);
  if (onNote !== undefined) expectFunction(onNote, 'bucketSink: onNote');
  const [, name, path = ''] = /^s3:\/\/([a-z\d][a-z\d.-]+)(?:\/(.*))?$/.exec(address) ?? [];
  if (name === undefined || (endpoint !== undefined && !/^https?:\/\//.test(endpoint)) || !isUrl(endpoint)) {
    const expected = 's3://bucket/prefix, and an endpoint of http or https';
    throw new EmbeddingError('INPUT_INVALID', { where: 'bucketSink', expected, got: endpoint ?? address });
  }
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`;
  const bucket = new Bucket({ name, prefix }, access, signal);
  await bucket.list(pathOf('report', 0)); // What is refused is refused now.
  return new BucketSink(bucket, persistence({ name: 'S3', isPassing, signal, onNote }));
}

class BucketSink implements Sink {
  readonly #bucket: Bucket;
  readonly #persist: ReturnType<typeof persistence>;

  constructor(bucket: Bucket, persist: ReturnType<typeof persistence>) {
    this.#bucket = bucket;
    this.#persist = persist;
  }

  async find(shard: number): Promise<ShardReport | undefined> {
    return this.#persist(async () => this.#found(shard));
  }

  async put({ shard }: Shard, rows: AsyncIterable<NamedRows>, finished: () => Finished): Promise<ShardReport> {
    return onDisk(tmpdir(), async () => {
      const folder = await mkdtemp(join(tmpdir(), 'diptych-shard-'));
      const at = (file: string) => join(folder, file);
      try {
        const report = await writeShard(`${shard}-${randomUUID()}`, { rows, finished, at });
        const parts = await Promise.all(
          Object.values(report.files).map(
            async ({ path }) => [path, new Uint8Array(await readFile(at(path)))] as const,
          ),
        );
        return await this.#persist(async () => {
          for (const [path, bytes] of parts) await this.#bucket.put(`${partialFolder}/${path}`, bytes);
          await this.#bucket.put(pathOf('report', shard), new TextEncoder().encode(JSON.stringify(report)), true);
          return (await this.#found(shard)) ?? report;
        });
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    });
  }

  async check(report: ShardReport): ReturnType<Sink['check']> {
    const { shard, rows } = report;
    const problems: string[] = [];
    const blobs: Record<string, Blob> = {};
    for (const [kind, { sha256 }] of filesOf(report, pathOf('report', shard))) {
      const path = pathOf(kind, shard);
      const bytes = await this.#persist(async () => this.#bucket.get(path));
      const hash = bytes && createHash('sha256').update(bytes).digest('hex');
      if (hash !== sha256) problems.push(`${path}: expected SHA-256 ${sha256}, got ${hash ?? 'no object'}`);
      if (bytes) blobs[path] = new Blob([bytes]);
    }
    if (problems.length > 0) return { names: [], problems };
    const names = await namesIn(blobFiles(blobs, this.#bucket.id), shard);
    if (names.length !== rows)
      problems.push(`${pathOf('metadata', shard)}: expected ${rows} names, got ${names.length}`);
    return { names, problems };
  }

  async others(shards: number): Promise<readonly string[]> {
    const unknown: string[] = [];
    for (const kind of kinds) {
      const paths = await this.#persist(async () => this.#bucket.list(`${folderOf(kind)}/`));
      unknown.push(...unknownOf(kind, shards, paths));
    }
    return unknown;
  }

  /** The report of a shard, whose objects are in their places then. */
  async #found(shard: number): Promise<ShardReport | undefined> {
    const path = pathOf('report', shard);
    const bytes = await this.#bucket.get(path);
    if (!bytes) return undefined;
    const report = read<ShardReport>(bytes, `${this.#bucket.id}${path}`, reportMembers);
    const files = filesOf(report, `${this.#bucket.id}${path}`);
    const partials = await this.#bucket.list(`${partialFolder}/${shard}-`);
    for (const [kind, file] of files) {
      const partial = `${partialFolder}/${file.path}`;
      if (partials.includes(partial)) await this.#bucket.copy(partial, pathOf(kind, shard));
    }
    for (const partial of partials) await this.#bucket.remove(partial);
    return report;
  }
}

function isUrl(endpoint: string | undefined): boolean {
  return endpoint === undefined || URL.canParse(endpoint);
}
