import type { LossGradients } from '@diptych/alignment';
import { EmbeddingError } from '@diptych/core';
import { type Model, param, type Placement, type Spec, uniform, zeros } from '@diptych/nn';
import * as tf from '@tensorflow/tfjs-core';
import type { LayerPlace } from './layer-places.ts';
import type { Tunable } from './tunable.ts';

/** Low-rank adaptation, Hu et al. 2021, arXiv:2106.09685: a weight is `W + alpha / rank · B · A`, and `W` stays as it is. */
export interface Lora {
  readonly rank: number;
  readonly alpha: number;
  /** Ends of the names of modules, as PEFT's `target_modules`. Default every linear layer of the repeated blocks. */
  readonly targets?: readonly string[] | undefined;
  /** That adapters are saved alone, as PEFT does, and nothing else is trained that the model stores. Default `false`. */
  readonly alone?: boolean | undefined;
}

/** An array of the model's files with an adapter. */
export interface LoraSite {
  readonly path: string;
  /** As the files call it, without `weight`. */
  readonly module: string;
  readonly inputs: number;
  readonly outputs: number;
  /** Its first column in the parameter, which may be several arrays. */
  readonly column: number;
}

/**
 * @throws {EmbeddingError} `CONFIG_INVALID` for a target that no linear layer has; `UNSUPPORTED` for one that is no module of its
 *   own, as three projections in one, where adapters are to be saved alone.
 */
export function loraSites(
  base: Pick<Tunable, 'placements' | 'checkpoint'>,
  lora: Lora,
  places: ReadonlyMap<string, LayerPlace>,
): readonly LoraSite[] {
  const sites = targetedSites(base, lora, places);
  const part = lora.alone ? sites.find(({ module }) => !base.checkpoint.names.has(`${module}.weight`)) : undefined;
  if (!part) return sites;
  throw new EmbeddingError('UNSUPPORTED', {
    where: 'tune: save',
    expected: 'modules that PEFT gives adapters',
    got: part.module,
    cure: "name other targets, or save: 'merged'",
  });
}

function targetedSites(
  { placements, checkpoint }: Pick<Tunable, 'placements' | 'checkpoint'>,
  { targets }: Lora,
  places: ReadonlyMap<string, LayerPlace>,
): readonly LoraSite[] {
  const all = placements.filter(isLinear).flatMap((placement) => sitesOf(placement, checkpoint));
  if (!targets) {
    return all.filter(({ path }) => {
      const { layer, layers } = places.get(path)!;
      return layer > 0 && layer <= layers;
    });
  }
  const ends = (target: string) => (site: LoraSite) => site.module === target || site.module.endsWith(`.${target}`);
  const missing = targets.find((target) => !all.some(ends(target)));
  if (missing === undefined) return all.filter((site) => targets.some((target) => ends(target)(site)));
  const known = [...new Set(all.map(({ module }) => module.slice(module.lastIndexOf('.') + 1)))].join(', ');
  throw new EmbeddingError('CONFIG_INVALID', { where: 'tune: targets', expected: `some of ${known}`, got: missing });
}

function isLinear({ path, param: { factor, shape } }: Placement): boolean {
  return factor === true && shape.length === 2 && /^(text|image)\./.test(path);
}

function sitesOf({ path, param: { shape }, from, axes }: Placement, checkpoint: Tunable['checkpoint']): LoraSite[] {
  let column = 0;
  return from.map((name) => {
    const outputs = checkpoint.shape(name)[axes ? 0 : 1]!;
    column += outputs;
    const module = name.replace(/[._]weight$/, '');
    return { path, module, inputs: shape[0]!, outputs, column: column - outputs };
  });
}

/** `A` as PEFT draws it, by Kaiming's rule with a slope of √5, and `B` of zeros. */
export function loraSpec(sites: readonly LoraSite[], { rank }: Lora): Spec {
  const pairs = sites.map(({ module, inputs, outputs }) => {
    const bound = inputs ** -0.5;
    return [module, { A: param([rank, inputs], uniform(-bound, bound)), B: param([outputs, rank], zeros) }] as const;
  });
  return Object.fromEntries(pairs);
}

/** Weights of a model with adapters. The weights as they were are kept until it is disposed of. */
export interface LoraWeights extends Disposable {
  /** Those that the towers read. */
  readonly weights: ReadonlyMap<string, tf.Variable>;
  /** Puts `W + alpha / rank · B · A` where the towers read it. */
  readonly merge: () => void;
  /** Gradients of the adapters from those of the weights, by the chain rule; all others as they are. */
  readonly chain: (found: LossGradients) => LossGradients;
}

/** @param model In which the adapters stand at `lora`. */
export function loraWeights(
  sites: readonly LoraSite[],
  { rank, alpha }: Lora,
  { base, model }: { readonly base: Pick<Tunable, 'variables'>; readonly model: Pick<Model<Spec>, 'variables'> },
): LoraWeights {
  const paths = [...new Set(sites.map(({ path }) => path))];
  const weights = new Map(paths.map((path) => [path, base.variables.get(path)!] as const));
  const before = new Map([...weights].map(([path, variable]) => [path, tf.keep(tf.clone(variable))] as const));
  const adapter = ({ module }: LoraSite) => {
    return { A: model.variables.get(`lora.${module}.A`)!, B: model.variables.get(`lora.${module}.B`)! };
  };
  const scaled = <T extends tf.Tensor>(x: T) => tf.mul<T>(x, alpha / rank);
  const changeOf = (site: LoraSite) => {
    const { A, B } = adapter(site);
    return scaled(tf.matMul(A, B, true, true)); // [inputs, outputs]
  };
  /** With zeros for arrays of the parameter that have no adapter. */
  const changeOfAll = (path: string, [inputs, outputs]: readonly number[]) => {
    const columns: tf.Tensor[] = [];
    let at = 0;
    for (const site of sites.filter((one) => one.path === path)) {
      if (site.column > at) columns.push(tf.zeros([inputs!, site.column - at]));
      columns.push(changeOf(site));
      at = site.column + site.outputs;
    }
    if (at < outputs!) columns.push(tf.zeros([inputs!, outputs! - at]));
    return tf.concat(columns, 1);
  };
  return {
    weights,
    merge() {
      for (const [path, variable] of weights) {
        tf.tidy(() => variable.assign(tf.add(before.get(path)!, changeOfAll(path, variable.shape))));
      }
    },
    chain({ loss, gradients }) {
      const others = [...gradients].filter(([name]) => !weights.has(name));
      const own = sites.flatMap((site) => {
        const whole = gradients.get(site.path);
        if (!whole) return [];
        const { A, B } = adapter(site);
        const gradient = tf.slice(whole, [0, site.column], [-1, site.outputs]);
        return [
          [`lora.${site.module}.A`, scaled(tf.matMul(B, gradient, true, true))] as const,
          [`lora.${site.module}.B`, scaled(tf.matMul(gradient, A, true, true))] as const,
        ];
      });
      return { loss, gradients: new Map<string, tf.Tensor>([...others, ...own]) };
    },
    [Symbol.dispose]: () => tf.dispose([...before.values()]),
  };
}
