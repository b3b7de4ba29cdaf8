export { decodeSound, type DecodeSoundOptions } from './audio/decode-sound.ts';
export { type AudioPadding, joinSpectra, logMel, type LogMelConfig } from './audio/log-mel.ts';
export type { MelRange } from './audio/mel-filters.ts';
export { parseAudioProcessor } from './audio/parse-audio-processor.ts';
export {
  type AudioInput,
  isAudioInput,
  type ReadSound,
  readSound,
  type ReadSoundOptions,
  type SoundFile,
  soundName,
} from './audio/read-sound.ts';
export { resample, type ResampleOptions } from './audio/resample.ts';
export type { Sound } from './audio/sound.ts';
