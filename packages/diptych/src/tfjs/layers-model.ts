import { configReader, type ConfigReader, EmbeddingError, isObject } from '@diptych/core';
import type { Json } from '../model-json.ts';

/** One layer of a model that Keras or TensorFlow.js described. */
export interface Layer {
  /** Its class, as `Conv2D`. */
  readonly type: string;
  readonly name: string;
  readonly config: ConfigReader;
}

/**
 * The layers of a `model.json`, in order.
 *
 * @throws {EmbeddingError} `UNSUPPORTED` for a graph model, `CONFIG_INVALID` for a list of anything but layers.
 */
export function layersOf(json: Json, where: string): readonly Layer[] {
  const topology = configReader(json, where).object('modelTopology');
  // The Python converter keeps Keras's file as it is, TensorFlow.js saves its content.
  const layers = (topology.has('model_config') ? topology.object('model_config') : topology)
    .object('config')
    .value('layers');
  if (!Array.isArray(layers)) {
    throw new EmbeddingError('UNSUPPORTED', { where, expected: 'a LayersModel', got: 'another kind of topology' });
  }
  return layers.map((layer: unknown, i) => layerOf(layer, `${where}: layer ${i}`));
}

function layerOf(value: unknown, where: string): Layer {
  const { class_name: type, config } = isObject(value) ? value : {};
  const name = isObject(config) ? config['name'] : undefined;
  if (typeof type !== 'string' || !isObject(config) || typeof name !== 'string') {
    throw new EmbeddingError('CONFIG_INVALID', {
      where,
      expected: 'a class_name and a config with a name',
      got: value,
    });
  }
  return { type, name, config: configReader(config, `${where} '${name}'`) };
}
