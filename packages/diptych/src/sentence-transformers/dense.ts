import { configReader, EmbeddingError, type Encoder, refuseSettings, type TextBatch } from '@diptych/core';
import type { Files } from '@diptych/files';
import {
  activation,
  fine,
  linear,
  type Linear,
  linearSpec,
  type NameTable,
  type ParamsOf,
  type Projection,
  projectionSpec,
  variablesOf,
} from '@diptych/nn';
import { readJson } from '../model-json.ts';
import { subFolder } from '../sub-folder.ts';
import type { Module } from './modules.ts';

/** A linear layer behind the pooling. */
export interface Dense {
  /** Folder of its configuration and weights. */
  readonly path: string;
  readonly spec: Projection | Linear;
  /** A name that `activation` of `@diptych/nn` knows. Default none. */
  readonly activation?: string | undefined;
}

/** Classes of PyTorch. */
const activations: Readonly<Record<string, string | undefined>> = {
  Identity: undefined,
  Tanh: 'tanh',
  ReLU: 'relu',
  GELU: 'gelu',
  SiLU: 'silu',
};

/** What sentence-transformers would do otherwise. */
const neutral = (input: string) => ({
  key: [],
  module_input_name: [input],
  module_output_name: [null, input],
});

/**
 * The `config.json` of a `Dense` module.
 *
 * @param input What the layer is behind.
 */
export async function readDense(
  files: Files,
  { path }: Module,
  signal?: AbortSignal,
  input: 'sentence_embedding' | 'token_embeddings' = 'sentence_embedding',
): Promise<Dense> {
  const where = `${files.id}/${path}/config.json`;
  const json = await readJson(subFolder(files, path), 'config.json', signal);
  if (!json) throw new EmbeddingError('NOT_FOUND', { where, expected: 'the sizes of a layer', got: 'no such file' });
  const config = configReader(json, where);
  refuseSettings(config, neutral(input));
  const sizes = [config.count('in_features'), config.count('out_features')] as const;
  const name = config.string('activation_function', 'torch.nn.modules.activation.Tanh').split('.').at(-1)!;
  if (!Object.hasOwn(activations, name)) {
    const expected = `one of ${Object.keys(activations).join(', ')}`;
    throw new EmbeddingError('UNSUPPORTED', { where: `${where}: activation_function`, expected, got: name });
  }
  const layer = config.flag('bias', true) ? linearSpec(...sizes) : projectionSpec(...sizes);
  return { path, spec: fine(layer), activation: activations[name] };
}

/** Where the arrays of a layer stand in a `joinedCheckpoint`. */
export function denseNames({ path }: Dense): NameTable {
  return { names: { '': `${path}/linear` } };
}

/** An encoder with layers behind it. */
export function withDense<B extends TextBatch>(
  encoder: Encoder<B>,
  layers: readonly Dense[],
  params: ParamsOf<readonly (Projection | Linear)[]>,
): Encoder<B> {
  return {
    dim: layers.at(-1)?.spec.weight.shape[1] ?? encoder.dim,
    variables: [...encoder.variables, ...variablesOf(params)],
    forward: (batch) =>
      layers.reduce(
        (x, { activation: name }, i) =>
          linear(params[i]!, x, { activation: name === undefined ? name : activation(name) }),
        encoder.forward(batch),
      ),
  };
}

/**
 * That layers take what comes: `dim` numbers, and then what the one before gives.
 *
 * @throws {EmbeddingError} `CONFIG_INVALID` naming the layer.
 */
export function checkDense(layers: readonly Dense[], dim: number): void {
  layers.reduce(outputsOf, dim);
}

function outputsOf(dim: number, { path, spec }: Dense): number {
  const [inputs, outputs] = spec.weight.shape;
  if (inputs === dim) return outputs;
  throw new EmbeddingError('CONFIG_INVALID', {
    where: `${path}/config.json: in_features`,
    expected: String(dim),
    got: inputs,
  });
}
