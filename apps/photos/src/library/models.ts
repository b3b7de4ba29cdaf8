import { createEmbedder, type Embedder, type EmbedderOptions } from 'diptych/worker';
import { storedModels } from '../hub/stored.ts';
import { samplesId, type Source } from './source.ts';

/** A model that photos can be embedded with. */
export interface ModelChoice {
  /** Names what is kept of it in this browser. */
  readonly key: string;
  readonly label: string;
  /** As `createEmbedder` takes it. */
  readonly model: EmbedderOptions['model'];
  /** Default `int8`, which is small and fast; in float32 rows are those of Node, whatever its kernels, to 1e-5. */
  readonly dtype?: EmbedderOptions['dtype'];
  /** Of a model of the hub. */
  readonly hub?: EmbedderOptions['hub'];
}

const photo: ModelChoice = {
  key: 'photo',
  label: 'Photos of things, animals, food and places, in English',
  model: 'photo',
  dtype: 'float32',
};

const emoji: ModelChoice = { key: 'emoji', label: 'Emoji and icons, 15 languages', model: 'emoji', dtype: 'float32' };

/** Models that come with the page. */
export const shipped: readonly ModelChoice[] = [photo, emoji];

/** Those, and models of the hub that the page of models fetched: this one asks no hub. */
export function listedModels(): readonly ModelChoice[] {
  const hub = { offline: true };
  return [...shipped, ...storedModels().map(({ name }) => ({ key: `hub-${name}`, label: name, model: name, hub }))];
}

/** Where the browser keeps the key of the model that the user chose. */
const chosenKey = 'photos-model';

export function rememberedModel(): ModelChoice | undefined {
  return listedModels().find(({ key }) => key === localStorage.getItem(chosenKey));
}

/** A folder of the disk has to be picked again. */
export function rememberModel({ key }: ModelChoice): void {
  if (listedModels().some((each) => each.key === key)) localStorage.setItem(chosenKey, key);
}

/** What is taken where the user has chosen none: the samples are drawings, which the model of emoji knows better. */
export function suited(sources: readonly Source[]): ModelChoice {
  return sources.length > 0 && sources.every(({ id }) => id === samplesId) ? emoji : photo;
}

/** A model that runs, and what ends it. */
export interface OpenModel extends Disposable {
  readonly choice: ModelChoice;
  readonly embedder: Embedder;
}

/** Waits for the next model, with its code loaded. */
let ready: Worker | undefined;

/** Starts the thread of the model that is opened next, whichever it is: its code is loaded while that is found out. */
export function startThread(): void {
  if (ready) return;
  const worker = new Worker(new URL('./embedder-worker.ts', import.meta.url), { type: 'module' });
  ready = worker;
  // Who asks for a model then hears why from another one.
  worker.addEventListener('error', () => {
    if (ready === worker) ready = undefined;
  });
}

/** Opens a model in a worker of its own: ended, it leaves no memory behind. */
export async function openModel(
  choice: ModelChoice,
  options: Pick<EmbedderOptions, 'signal' | 'onDownload'> = {},
): Promise<OpenModel> {
  startThread();
  const worker = ready!;
  ready = undefined;
  try {
    const { model, dtype = 'int8', hub } = choice;
    const embedder = await createEmbedder({ ...options, model, dtype, ...(hub && { hub }), worker });
    return {
      choice,
      embedder,
      [Symbol.dispose]() {
        embedder.dispose();
        worker.terminate();
      },
    };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}
