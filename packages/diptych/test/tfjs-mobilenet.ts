import { openTfjsWeights } from '@diptych/checkpoint';
import type { ImageBatch } from '@diptych/core';
import { blobFiles, type Files } from '@diptych/files';
import { goldenBytes, goldenJson } from '@diptych/golden';
import { valuesOf } from '@diptych/testkit';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel, model as layersModel } from '@tensorflow/tfjs-layers';

const folder = 'models/mobilenet_v1_0.75_224_tfjs';

type WeightSpecs = tf.io.WeightsManifestEntry[];

export interface LayerJson {
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

interface ModelJson {
  readonly modelTopology: { readonly model_config: { readonly config: { readonly layers: readonly LayerJson[] } } };
  readonly weightsManifest: readonly { readonly paths: readonly string[]; readonly weights: WeightSpecs }[];
}

export type ChangeLayer = (layer: LayerJson) => LayerJson | readonly LayerJson[];

export interface MobileNetFiles {
  readonly json: ModelJson;
  /** The model, some fields of its description replaced. */
  files(fields?: Readonly<Record<string, unknown>>): Files;
  /** The same weights with other layers. */
  changed(change: ChangeLayer): Files;
}

/** The published model. */
export async function readMobileNet(): Promise<MobileNetFiles> {
  const json = await goldenJson<ModelJson>(`${folder}/model.json`);
  const paths = json.weightsManifest.flatMap((group) => group.paths);
  const blobs = paths.map(async (path) => [path, new Blob([await goldenBytes(`${folder}/${path}`)])] as const);
  const shards = Object.fromEntries(await Promise.all(blobs));
  const files: MobileNetFiles['files'] = (fields = {}) =>
    blobFiles({ ...shards, 'model.json': new Blob([JSON.stringify({ ...json, ...fields })]) }, 'mobilenet');
  return {
    json,
    files,
    changed(change) {
      const layers = json.modelTopology.model_config.config.layers.flatMap((layer) => change(layer));
      return files({ modelTopology: { model_config: { config: { layers } } } });
    },
  };
}

/** As Keras writes the layer since it pads by layers of zeros. */
export function newerKeras(layer: LayerJson, side: readonly [number, number] = [0, 1]): readonly LayerJson[] {
  const { class_name: type, config } = layer;
  if (config['activation'] === 'relu6') {
    return [{ class_name: 'ReLU', config: { name: config['name'], max_value: 6 } }];
  }
  if (!type.endsWith('Conv2D') || String(config['strides']) !== '2,2') return [layer];
  const zeros = { name: `${String(config['name'])}_pad`, padding: [side, side], data_format: 'channels_last' };
  return [
    { class_name: 'ZeroPadding2D', config: zeros },
    { ...layer, config: { ...config, padding: 'valid' } },
  ];
}

/** As Keras writes a network that ends with its last feature map. */
export function withoutTop(layer: LayerJson): readonly LayerJson[] {
  const head = /^(global_average_pooling2d_1|reshape_\d|dropout|conv_preds|act_softmax)$/;
  return head.test(layer.config['name'] as string) ? [] : [layer];
}

/** What the layer of global pooling gives in TensorFlow.js's own interpreter of layers. */
export async function pooledByLayers(
  { json, files }: MobileNetFiles,
  { pixels, shape }: ImageBatch,
): Promise<Float32Array> {
  const checkpoint = await openTfjsWeights(files());
  const tensors = [...checkpoint.names].map(async (name) => (await checkpoint.read(name)).data as Float32Array);
  const weightData = await new Blob((await Promise.all(tensors)) as Float32Array<ArrayBuffer>[]).arrayBuffer();
  const weightSpecs = json.weightsManifest.flatMap((group) => group.weights);
  const whole = await loadLayersModel({
    load: async () => ({ modelTopology: json.modelTopology as object, weightSpecs, weightData }),
  });
  try {
    const pooled = whole.layers.find((layer) => layer.getClassName() === 'GlobalAveragePooling2D')!;
    const cut = layersModel({ inputs: whole.inputs, outputs: pooled.output });
    return await valuesOf(() => cut.predict(tf.tensor4d(pixels, [...shape])) as tf.Tensor);
  } finally {
    whole.dispose();
  }
}
