import * as tf from '@tensorflow/tfjs-core';
import { tensorsOf } from '../loading/variables-of.ts';

/** What is made of weights alone, folded filters say. */
export interface KeptFold<Folded> extends Disposable {
  /** As `fold` made it, or makes it now: where a weight has changed, and where a gradient is recorded, which runs through it. */
  get(): Folded;
}

/** Keeps what `fold` makes of the tensors in `weights`, until one of these has other data. */
export function keepFold<Folded extends object>(weights: unknown, fold: () => Folded): KeptFold<Folded> {
  const given = tensorsOf(weights);
  const ours = new Set(given);
  let of: readonly object[] = [];
  let own: readonly tf.Tensor[] = [];
  let folded: Folded | undefined;
  const drop = () => {
    for (const tensor of own) tensor.dispose();
    own = [];
    folded = undefined;
  };
  return {
    get() {
      if (tf.engine().isTapeOn()) return fold();
      if (folded && given.every(({ dataId }, i) => dataId === of[i])) return folded;
      drop();
      let made: Folded | undefined;
      tf.tidy(() => {
        made = fold();
        own = tensorsOf(made).filter((tensor) => !ours.has(tensor));
        for (const tensor of own) tf.keep(tensor);
      });
      of = given.map(({ dataId }) => dataId);
      return (folded = made!);
    },
    [Symbol.dispose]: drop,
  };
}
