import { EmbeddingError } from '@diptych/core';
import {
  type BucketAccess,
  bucketSink,
  type Fleet,
  folderSink,
  manifestOf,
  postgresSink,
  type Sink,
} from '@diptych/fleet';
import type { SinkOptions } from '../job-options.ts';
import type { Progress } from '../progress.ts';

export async function openSink(
  fleet: Fleet,
  { output, table = fleet.job }: SinkOptions,
  progress: Progress,
): Promise<Sink & AsyncDisposable> {
  const onNote = (line: string) => progress.note(`diptych: ${line}`);
  const options = { signal: fleet.signal, onNote };
  if (/^postgres(?:ql)?:\/\//.test(output)) {
    const { model, precision } = await manifestOf(fleet);
    return postgresSink(output, table, { model: model.id, dim: model.dim, precision }, options);
  }
  const isBucket = output.startsWith('s3://');
  const sink = await (isBucket ? bucketSink(output, bucketAccess(process.env), options) : folderSink(output));
  return {
    find: async (shard) => sink.find(shard),
    put: async (...args) => sink.put(...args),
    check: async (report) => sink.check(report),
    others: async (shards) => sink.others(shards),
    async [Symbol.asyncDispose]() {},
  };
}

/** By the names that Amazon's own programs have for them. */
function bucketAccess(env: Readonly<Record<string, string | undefined>>): BucketAccess {
  const needed = (name: string) => {
    const value = env[name];
    if (value !== undefined && value !== '') return value;
    throw new EmbeddingError('INPUT_INVALID', { where: name, expected: 'a key in the environment', got: 'none' });
  };
  return {
    accessKeyId: needed('AWS_ACCESS_KEY_ID'),
    secretAccessKey: needed('AWS_SECRET_ACCESS_KEY'),
    sessionToken: env['AWS_SESSION_TOKEN'],
    region: env['AWS_REGION'] ?? env['AWS_DEFAULT_REGION'],
    endpoint: env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'],
  };
}
