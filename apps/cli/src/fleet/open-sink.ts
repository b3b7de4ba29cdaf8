import { type Fleet, folderSink, manifestOf, postgresSink, type Sink } from '@diptych/fleet';
import type { SinkOptions } from '../job-options.ts';
import type { Progress } from '../progress.ts';

export async function openSink(
  fleet: Fleet,
  { output, table = fleet.job }: SinkOptions,
  progress: Progress,
): Promise<Sink & AsyncDisposable> {
  if (!/^postgres(?:ql)?:\/\//.test(output)) return { ...(await folderSink(output)), async [Symbol.asyncDispose]() {} };
  const { model, precision } = await manifestOf(fleet);
  const config = { model: model.id, dim: model.dim, precision };
  const onNote = (line: string) => progress.note(`diptych: ${line}`);
  return postgresSink(output, table, config, { signal: fleet.signal, onNote });
}
