import { type KnownModel, knownModels, type RefusedModel, refusedModels } from 'diptych';
import type { ModelsOptions } from '../commands/models.ts';
import { type Io, write } from '../io.ts';
import { columns } from '../output/columns.ts';
import { formatBytes } from '../output/format-bytes.ts';

export async function models(format: NonNullable<ModelsOptions['format']>, io: Io): Promise<void> {
  const known = [heads, ...knownModels.map(cellsOf)];
  const refused = [refusedHeads, ...refusedModels.map(refusedCells)];
  if (format === 'table') await write(io.stdout, `${columns('llrrrrrrl', known)}\n${columns('lll', refused)}`);
  else if (format === 'markdown') await write(io.stdout, `${markdown(known)}\n${markdown(refused)}`);
  else await write(io.stdout, [...knownModels, ...refusedModels].map((one) => `${JSON.stringify(one)}\n`).join(''));
}

const heads = ['model', 'takes', 'dim', 'context', 'parameters', 'float32', 'int16', 'int8', 'licence'];

function cellsOf({ model, modalities, dim, context, parameters, megabytes, licence, nonCommercial }: KnownModel) {
  const { float32, int16, int8 } = megabytes;
  return [
    model,
    modalities.join(', '),
    String(dim),
    String(context ?? ''),
    `${(parameters / 1e6).toFixed(1)} M`,
    ...[float32, int16, int8].map((size) => formatBytes(size * 1e6)),
    nonCommercial ? `${licence}: not for commercial use` : licence,
  ];
}

const refusedHeads = ['refused', 'why', 'take'];

function refusedCells({ model, refused, instead = '' }: RefusedModel) {
  return [model, refused, instead];
}

function markdown(rows: readonly (readonly string[])[]): string {
  const [head, ...body] = rows.map((row) => `| ${row.join(' | ')} |\n`);
  return [head, `| ${rows[0]!.map(() => '---').join(' | ')} |\n`, ...body].join('');
}
