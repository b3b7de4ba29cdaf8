import type { ArchitectureOptions } from './architecture.ts';
import { merging } from './merging.ts';
import { type ModelPair, type Openable, type OpenSide, opensPair } from './model-pair.ts';
import { opensAdapted } from './peft-adapter.ts';
import type { ModelSource, SourceOptions } from './platform/source.ts';

interface ChangedOptions extends SourceOptions, Pick<ArchitectureOptions, 'signal'> {
  readonly adapter?: ModelSource;
  readonly mergeTokens?: number;
  readonly sameSpace?: boolean;
}

/** Opens two models as one space, and one that an adapter changes or whose tokens are merged. */
export function opensChanged(
  model: Openable | ModelPair,
  options: ChangedOptions,
  openable: (source: ModelPair['text']) => Openable,
): (onBegin: ArchitectureOptions['onBegin']) => Promise<OpenSide> {
  const { adapter, mergeTokens } = options;
  if (!('open' in model)) {
    const [text, image] = [openable(model.text), merging(openable(model.image), mergeTokens)];
    return opensPair({ text, image }, options);
  }
  const merged = merging(model, mergeTokens);
  return adapter === undefined ? async (onBegin) => merged.open({ onBegin }) : opensAdapted(adapter, options, merged);
}
