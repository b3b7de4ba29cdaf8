import { openCheckpoint } from '@diptych/checkpoint';
import { type Checkpoint, EmbeddingError, type Problem, quote, turn, type TypedArray } from '@diptych/core';
import type { Files } from '@diptych/files';
import type { ArchitectureOptions } from './architecture.ts';
import { located } from './located.ts';
import type { Openable, OpenSide } from './model-pair.ts';
import { type Json, readJson } from './model-json.ts';
import { isHubName, type ModelSource, type SourceOptions } from './platform/source.ts';

/** Files of an adapter as PEFT writes them. */
const configFile = 'adapter_config.json';
const weightFiles = ['adapter_model.safetensors', 'adapter_model.bin'];

/** What says how an adapter is trained, or which modules got one, which the names of its arrays tell as well. */
const inert: ReadonlySet<string> = new Set(
  (
    'auto_mapping base_model_name_or_path corda_config ensure_weight_tying eva_config exclude_modules ' +
    'inference_mode layers_pattern layers_to_transform loftq_config lora_dropout lora_alpha megatron_config megatron_core ' +
    'peft_type peft_version qalora_group_size r rank_pattern revision runtime_config target_modules task_type use_rslora'
  ).split(' '),
);

/** A low-rank addition to one weight `[outputs, inputs]`. */
interface Addition {
  /** `[rank, inputs]` */
  readonly a: string;
  /** `[outputs, rank]` */
  readonly b: string;
}

/**
 * Opens a model with the adapter of a folder that PEFT wrote (LoRA, Hu et al. 2021, arXiv:2106.09685): weights are
 * `W + alpha / rank · B · A`, with `alpha / √rank` where it says so.
 *
 * @throws {EmbeddingError} `NOT_FOUND` without an adapter; `UNSUPPORTED` for one of another kind and for a model that takes
 *   none; `CHECKPOINT_MISMATCH` for an array that belongs to no weight of the model.
 */
export function opensAdapted(
  source: ModelSource,
  options: SourceOptions & Pick<ArchitectureOptions, 'signal'>,
  model: Openable,
): (onBegin: ArchitectureOptions['onBegin']) => Promise<OpenSide> {
  const { hub, onDownload, signal } = options;
  const isText = typeof source === 'string';
  const { files, id } = located(source, { ...(isText && isHubName(source) && { hub }), onDownload });
  return async (onBegin) => {
    let given = 0;
    const adapt = async (base: Checkpoint): Promise<Checkpoint> => {
      given++;
      return adaptedCheckpoint(base, files, signal);
    };
    const side = await model.open({ onBegin, adapt });
    if (given > 0) return { ...side, id: `${side.id}+${id}` };
    side.parts[Symbol.dispose]();
    throw new EmbeddingError('UNSUPPORTED', {
      where: side.id,
      expected: 'a model that takes an adapter',
      got: side.architecture,
    });
  };
}

/** The weights of a model with those of an adapter added. Arrays are added to as they are read. */
async function adaptedCheckpoint(base: Checkpoint, files: Files, signal?: AbortSignal): Promise<Checkpoint> {
  const config = await readJson(files, configFile, signal);
  if (!config) {
    throw new EmbeddingError('NOT_FOUND', {
      where: files.id,
      expected: `an adapter of PEFT (${configFile})`,
      got: 'none',
    });
  }
  const scaleOf = settingsOf(config, `${files.id}/${configFile}`);
  if (base.metadata?.has('diptych.dtype')) {
    throw new EmbeddingError('UNSUPPORTED', {
      where: files.id,
      expected: 'weights as published',
      got: 'packed weights',
    });
  }
  const adapter = await openCheckpoint(files, signal, weightFiles);
  const additions = additionsOf(base, adapter, files.id);
  const added = async (name: string, values: TypedArray, begin: number): Promise<Float32Array> => {
    const { a, b } = additions.get(name)!;
    const [rank, inputs] = adapter.shape(a) as readonly [number, number];
    const [A, B] = [(await adapter.read(a, signal)).data, (await adapter.read(b, signal)).data];
    const scale = scaleOf(rank);
    const out = Float32Array.from(values as Float32Array);
    for (let i = 0; i < out.length; i++) {
      const [row, column] = [Math.floor((begin + i) / inputs), (begin + i) % inputs];
      let sum = 0;
      for (let x = 0; x < rank; x++) sum += Number(B[row * rank + x]) * Number(A[x * inputs + column]);
      out[i]! += scale * sum;
      if (i % 2 ** 20 === 0) await turn(signal);
    }
    return out;
  };
  const read: Checkpoint['read'] = async (name, stop) => {
    const stored = await base.read(name, stop);
    return additions.has(name) ? { ...stored, data: await added(name, stored.data, 0) } : stored;
  };
  return {
    ...base,
    names: base.names,
    shape: (name) => base.shape(name),
    read,
    ...(base.readRange && {
      async readRange(name, range, room, stop) {
        if (!additions.has(name)) return base.readRange!(name, range, room, stop);
        return added(name, await base.readRange!(name, range, undefined, stop), range[0]);
      },
    }),
    async fetch() {
      await base.fetch?.();
      await adapter.fetch?.();
    },
  };
}

/** What `B · A` is multiplied by, for each rank. Every setting is obeyed, of no effect here, or refused. */
function settingsOf(config: Json, where: string): (rank: number) => number {
  const refuse = (code: 'CONFIG_INVALID' | 'UNSUPPORTED', field: string, problem: Omit<Problem, 'where'>): never => {
    throw new EmbeddingError(code, { where: `${where}: ${field}`, ...problem });
  };
  const got = (field: string) => quote(config[field]);
  if (config['peft_type'] !== 'LORA') refuse('UNSUPPORTED', 'peft_type', { expected: 'LORA', got: got('peft_type') });
  const { r, lora_alpha: alpha, use_rslora: isRooted = false } = config;
  if (!Number.isSafeInteger(r) || (r as number) < 1)
    refuse('CONFIG_INVALID', 'r', { expected: 'a rank', got: got('r') });
  if (typeof alpha !== 'number')
    refuse('CONFIG_INVALID', 'lora_alpha', { expected: 'a number', got: got('lora_alpha') });
  if (typeof isRooted !== 'boolean') {
    refuse('CONFIG_INVALID', 'use_rslora', { expected: 'true or false', got: got('use_rslora') });
  }
  for (const [field, value] of Object.entries(config)) {
    const isPlain =
      field === 'bias' ? value === 'none' : field === 'init_lora_weights' && (value === true || value === 'gaussian');
    if (!isPlain && !inert.has(field) && !isOff(value)) {
      const expected = 'none, or merge the adapter in PEFT';
      refuse('UNSUPPORTED', field, { expected, got: got(field) });
    }
  }
  return (rank) => {
    if (rank !== r && isOff(config['rank_pattern']))
      refuse('CONFIG_INVALID', 'r', { expected: `${rank}, as its arrays have`, got: r });
    return (alpha as number) / (isRooted ? Math.sqrt(rank) : rank);
  };
}

function isOff(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === false ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  );
}

/** By the array of the model. */
function additionsOf(base: Checkpoint, adapter: Checkpoint, where: string): ReadonlyMap<string, Addition> {
  const mismatch = (problem: Omit<Problem, 'where'>) =>
    new EmbeddingError('CHECKPOINT_MISMATCH', { where, ...problem });
  const found = new Map<string, Addition>();
  for (const a of adapter.names) {
    const [, module, one] = /^(?:base_model\.model\.)?(.+)\.lora_([AB])(?:\.default)?\.weight$/.exec(a) ?? [];
    if (module === undefined) throw mismatch({ expected: 'arrays lora_A and lora_B of linear layers', got: a });
    const b = a.replace(/\.lora_([AB])\./, one === 'A' ? '.lora_B.' : '.lora_A.');
    if (!adapter.names.has(b)) throw mismatch({ expected: b, got: 'none' });
    if (one === 'B') continue;
    const name = nameOf(base, `${module}.weight`);
    if (name === undefined) throw mismatch({ expected: `a weight of the model for ${a}`, got: 'none' });
    const [outputs, inputs] = base.shape(name);
    const [rank] = adapter.shape(a);
    const shapes = `[${adapter.shape(b)}] · [${adapter.shape(a)}]`;
    if (base.shape(name).length !== 2 || shapes !== `[${outputs},${rank}] · [${rank},${inputs}]`) {
      throw mismatch({ expected: `B · A of [${base.shape(name)}] for ${name}`, got: shapes });
    }
    if (found.has(name)) throw mismatch({ expected: `one addition to ${name}`, got: `${found.get(name)!.a} and ${a}` });
    found.set(name, { a, b });
  }
  if (found.size === 0) throw mismatch({ expected: 'arrays lora_A and lora_B', got: 'none' });
  return found;
}

/** The array of a weight, which may stand below another in one of the two: `bert.encoder…` is saved as `encoder…` as well. */
function nameOf({ names }: Checkpoint, weight: string): string | undefined {
  if (names.has(weight)) return weight;
  const [only, ...others] = [...names].filter((name) => name.endsWith(`.${weight}`) || weight.endsWith(`.${name}`));
  return others.length === 0 ? only : undefined;
}
