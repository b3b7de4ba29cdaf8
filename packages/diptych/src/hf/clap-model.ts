import { type ConfigReader, configReader, EmbeddingError, expectMembers, refuseSettings, turn } from '@diptych/core';
import type { Files } from '@diptych/files';
import { hfHtsatNames, htsat, type HtsatConfig, htsatSpec } from '@diptych/image-encoder';
import {
  type AudioInput,
  decodeSound,
  isAudioInput,
  joinSpectra,
  logMel,
  type LogMelConfig,
  parseAudioProcessor,
  resample,
  type Sound,
  soundName,
} from '@diptych/preprocessing/audio';
import { clapText, type ClapTextConfig, clapTextSpec, hfClapTextNames } from '@diptych/text-encoder';
import { readSound } from '#platform';
import { readJson } from '../model-json.ts';
import { loadPlan, type ModelPlan, textPlan, type TowerPlan } from '../model-plan.ts';
import { refuseOptions, type Tower } from '../tower.ts';
import { hfRobertaConfig } from './bert-config.ts';
import type { Opener } from './later.ts';
import { hfModelConfig } from './model-config.ts';
import { hfTokenizer } from './tokenizer.ts';

export const openClap: Opener = async (json, files, options) => {
  const config = hfModelConfig(json, `${files.id}/config.json`);
  const ends = {
    dim: config.count('projection_dim', 512),
    projectionActivation: config.string('projection_hidden_act', 'relu'),
  };
  const text: ClapTextConfig = { ...hfRobertaConfig(withDefaults(config.object('text_config'))), ...ends };
  const audio: HtsatConfig = { ...audioConfig(config.object('audio_config')), ...ends };
  const { contextLength, vocabSize } = text;
  const towers: ModelPlan['towers'] = {
    text: textPlan({
      spec: clapTextSpec(text),
      names: hfClapTextNames,
      preprocess: await hfTokenizer(
        files,
        { contextLength, vocabSize, padding: 'longest', usual: ['vocab', 'merges'] },
        options,
      ),
      encoder: (params) => clapText(text, params),
    }),
    audio: audioPlan(audio, await processorOf(audio, files, options.signal)),
  };
  return loadPlan(files, { towers, logScale: 'logit_scale_a' }, options);
};

/** Those of `ClapTextConfig`, where they differ from BERT's. */
function withDefaults(text: ConfigReader): ConfigReader {
  const given = Object.fromEntries(text.fields.map((field) => [field, text.value(field)]));
  const usual = { vocab_size: 50_265, max_position_embeddings: 514, type_vocab_size: 1 };
  return configReader({ ...usual, ...given }, text.where);
}

const most = { layers: 128, imageSize: 1024 };

/** The fields of `ClapAudioConfig`, without fusion. */
function audioConfig(audio: ConfigReader): Omit<HtsatConfig, 'dim' | 'projectionActivation'> {
  const patchSize = audio.count('patch_size', 4);
  refuseSettings(audio, {
    enable_fusion: [false],
    enable_patch_fusion: [false],
    enable_patch_layer_norm: [true],
    flatten_patch_embeds: [true],
    patch_embed_input_channels: [1],
    patch_stride: [[patchSize, patchSize]],
    qkv_bias: [true],
  });
  const list = (field: string, usual: readonly number[]) =>
    audio.has(field) ? audio.counts(field, most.layers) : usual;
  const [depths, heads] = [list('depths', [2, 2, 6, 2]), list('num_attention_heads', [4, 8, 16, 32])];
  if (depths.length !== heads.length || depths.length === 0) {
    const where = `${audio.where}: num_attention_heads`;
    throw new EmbeddingError('CONFIG_INVALID', { where, expected: `one of each stage of ${depths}`, got: `${heads}` });
  }
  return {
    imageSize: audio.count('spec_size', 256, most.imageSize),
    patchSize,
    bins: audio.count('num_mel_bins', 64),
    window: audio.count('window_size', 8),
    width: audio.count('patch_embeds_hidden_size', 96),
    depths,
    heads,
    mlpRatio: audio.number('mlp_ratio', 4),
    activation: audio.string('hidden_act', 'gelu'),
    layerNormEpsilon: audio.number('layer_norm_eps', 1e-5),
  };
}

/** How sounds become spectra, which the tower has to take. */
async function processorOf(
  { bins, imageSize }: HtsatConfig,
  files: Files,
  signal: AbortSignal | undefined,
): Promise<LogMelConfig> {
  const where = `${files.id}/preprocessor_config.json`;
  const json = await readJson(files, 'preprocessor_config.json', signal);
  if (!json) throw new EmbeddingError('NOT_FOUND', { where, expected: 'how sounds become spectra', got: 'none' });
  const config = parseAudioProcessor(json);
  const frames = 1 + Math.floor(config.samples / config.hop);
  const largest = imageSize ** 2 / bins;
  if (config.bins === bins && frames > 1 && frames <= largest) return config;
  throw new EmbeddingError('CONFIG_INVALID', {
    where,
    expected: `spectra of ${bins} bins and at most ${largest} frames`,
    got: `${config.bins} and ${frames}`,
  });
}

function audioPlan(config: HtsatConfig, spectrum: LogMelConfig): TowerPlan<AudioInput> {
  const spec = htsatSpec(config);
  const spectrumOf = logMel(spectrum);
  return {
    spec,
    // Texts are compared with sounds by the other scale.
    names: { ...hfHtsatNames, ignore: [...hfHtsatNames.ignore!, 'logit_scale_t'] },
    make: (model, path): Tower<AudioInput> => ({
      encoder: htsat(config, model.part(spec, path)),
      isItem: isAudioInput,
      check: (options) => refuseOptions(options, ['prompt', 'decode'], 'sounds'),
      async read(item, { signal }) {
        const sound = await soundOf(item, spectrum, signal);
        await turn(signal);
        try {
          return spectrumOf(resample(sound, spectrum));
        } catch (cause) {
          if (!(cause instanceof EmbeddingError)) throw cause;
          const { code, expected, got, cure } = cause;
          const where = cause.where.replace(/^sound/, () => soundName(item));
          throw new EmbeddingError(code, { where, expected, got, cure }, { cause });
        }
      },
      preprocess: joinSpectra,
    }),
  };
}

async function soundOf(
  item: AudioInput,
  { samples, sampleRate }: LogMelConfig,
  signal: AbortSignal | undefined,
): Promise<Sound> {
  if (typeof item === 'object' && item !== null && 'samples' in item) {
    return expectMembers(item, 'sound', 'samples', 'sampleRate');
  }
  // The last samples are made of later ones too, where the rate is another.
  const seconds = samples / sampleRate + 1;
  return decodeSound(await readSound(item, { signal }), { name: soundName(item), seconds });
}
