import type { Embeddings, Precision } from '@diptych/core';
import type { EmbedOptions } from 'diptych';
import type { OnFailure } from './report.ts';
import type { Modality, Space } from './space.ts';

/** Rows, and the names of their items. */
export interface NamedRows<P extends Precision> {
  readonly names: readonly string[];
  readonly rows: Embeddings<P>;
}

export interface NamedOptions<P extends Precision> extends Omit<EmbedOptions<P>, 'onSkip'> {
  readonly modality: Modality;
  /** Told of each item that cannot be read, which is left out. */
  readonly onFailure: OnFailure;
}

/** Rows of texts, or of the images or sounds of paths and URLs, in order, block by block. */
export async function* embedNamed<P extends Precision = 'float32'>(
  space: Pick<Space, 'stream'>,
  items: Iterable<string> | AsyncIterable<string>,
  { modality, onFailure, ...options }: NamedOptions<P>,
): AsyncGenerator<NamedRows<P>> {
  /** Items whose rows are still to come, by their places. */
  const inWork = new Map<number, string>();
  const noted = async function* () {
    let place = 0;
    for await (const name of items) {
      inWork.set(place++, name);
      yield name;
    }
  };
  const taken = (place: number): string => {
    const name = inWork.get(place)!;
    inWork.delete(place);
    return name;
  };
  const onSkip = (problem: Error, place: number) => onFailure(taken(place), problem);
  for await (const rows of space.stream(modality, noted(), { ...options, onSkip })) {
    const places = [...inWork.keys()].slice(0, rows.shape[0]);
    yield { names: places.map(taken), rows };
  }
}
