import type { EmbeddingSpace, Modality } from 'diptych';
import { type Io, write } from '../io.ts';
import { openModel } from '../open-model.ts';
import { columns } from '../output/columns.ts';
import { defaultFormat } from '../output/format.ts';
import { type Parity, parity } from '../parity/parity.ts';
import { type Reference, readReference } from '../parity/read-reference.ts';
import { type Progress, terminalProgress } from '../progress.ts';
import type { VerifyOptions } from '../commands/verify.ts';

/** The parity of one modality. */
interface Verdict extends Omit<Parity, 'worst'> {
  readonly modality: Modality;
  readonly items: number;
  /** The item that differs most. */
  readonly worst: string;
  readonly ok: boolean;
}

/** @returns How many modalities are above the tolerance. */
export async function verify(options: VerifyOptions, io: Io): Promise<number> {
  const { format = defaultFormat(io.stdout), tolerance: limit } = options;
  const references = await readReference(options.reference);
  const progress = terminalProgress(io, options.quiet);
  using space = await openModel(options, io, progress);
  const verdicts: Verdict[] = [];
  for (const reference of references) {
    const { worst, ...measured } = await measure(space, reference, { options, io, progress });
    const { modality, names } = reference;
    const ok = measured.maxDifference <= limit;
    verdicts.push({ modality, items: names.length, ...measured, worst: names[worst]!, ok });
  }
  const lines = verdicts.map((verdict) => `${JSON.stringify(verdict)}\n`);
  await write(io.stdout, format === 'table' ? table(verdicts) : lines.join(''));
  const failed = verdicts.filter(({ ok }) => !ok);
  for (const { modality, maxDifference } of failed) {
    progress.note(`diptych: ${modality}: expected differences of at most ${limit}, got ${shown(maxDifference)}`);
  }
  return failed.length;
}

async function measure(
  space: EmbeddingSpace,
  { modality, items, embeds }: Reference,
  { options, io, progress }: { readonly options: VerifyOptions; readonly io: Io; readonly progress: Progress },
): Promise<Parity> {
  const bar = progress.start(`embedding ${modality}s`, { total: items.length });
  try {
    const onProgress = (done: number) => bar.update(done);
    const rows = await space.embed(modality, items, { batchSize: options.batchSize, signal: io.signal, onProgress });
    return parity(rows, embeds);
  } finally {
    bar.stop();
  }
}

function table(verdicts: readonly Verdict[]): string {
  const header = ['modality', 'items', 'max difference', 'min cosine', 'worst item'];
  const rows = verdicts.map(({ modality, items, maxDifference, minCosine, worst }) => {
    return [modality, `${items}`, shown(maxDifference), minCosine.toFixed(7), short(worst, modality)];
  });
  return columns('lrrrl', [header, ...rows]);
}

/** At most 28 characters: the begin of a text, the end of a path. */
function short(name: string, modality: Modality): string {
  if (name.length <= 28) return name;
  return modality === 'image' ? `…${name.slice(-27)}` : `${name.slice(0, 27)}…`;
}

function shown(difference: number): string {
  return difference.toExponential(1);
}
