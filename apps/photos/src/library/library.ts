import { Collection } from './collection.ts';
import { type Embedded, embedPhotos } from './embed-photos.ts';
import { type Found, found } from './found.ts';
import { type LibraryState, Shown } from './library-state.ts';
import { type ModelChoice, openModel, type OpenModel, rememberedModel, rememberModel, suited } from './models.ts';
import { newestFirst } from './photo.ts';
import { Meter } from './progress.ts';
import { accessOf, filesOf, folderSource, loose, type Source } from './source.ts';
import { type News, Tabs, taken } from './tabs.ts';
import { Thumbnailer } from './thumbnailer.ts';
import { Vectors } from './vectors.ts';

/** Photos of all folders, what is known of them, and the work on those that are new. Nothing of React in here. */
export class Library {
  readonly #shown = new Shown();
  #thumbnailer: Thumbnailer | undefined;
  readonly #meter = new Meter();
  readonly #tabs = new Tabs((news) => void this.#hear(news));
  /** Files without a row, in order. */
  readonly #todo = new Map<string, Found>();
  readonly #collection: Promise<Collection>;
  #model: OpenModel | undefined;
  /** By the user. */
  #chosen: ModelChoice | undefined;
  /** Stands for the opening of a model that was begun last. */
  #asked: object | undefined;
  /** The opening itself, which does not reject. */
  #opened: Promise<unknown> = Promise.resolve();
  #vectors: Vectors | undefined;
  #run: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;

  constructor() {
    this.#collection = Collection.open();
  }

  readonly subscribe = this.#shown.subscribe;
  readonly state = this.#shown.state;

  get #state(): LibraryState {
    return this.#shown.state();
  }

  /** Shows what was kept, opens the model, and reads the folders again that may be read. */
  async start(): Promise<void> {
    const collection = await this.#collection;
    await this.#sourcesChanged();
    for (const file of await collection.originals()) collection.files.set(file.id, file);
    this.#shown.set({ ready: true });
    this.#chosen = rememberedModel();
    await this.#open(this.#chosen ?? suited(this.#state.sources)).catch(() => undefined); // The state says why.
    for (const { access, ...source } of this.#state.sources) if (access === 'granted') await this.#read(source);
  }

  /** The row of a text or picture in the space of the model; `undefined` before there is one. */
  get embedder(): OpenModel['embedder'] | undefined {
    return this.#model?.embedder;
  }

  /** Compares all rows; `undefined` before there is a model. */
  get scorer(): Vectors['scorer'] | undefined {
    return this.#vectors?.scorer;
  }

  row(id: string): Float32Array | undefined {
    return this.#vectors?.table.row(id);
  }

  async thumbnail(id: string): Promise<Blob | undefined> {
    return (await this.#collection).database.get('thumbnails', id);
  }

  /** The file of a photo, where its folder can be read. */
  async original(id: string): Promise<Blob | undefined> {
    return (await this.#collection).files.get(id)?.file;
  }

  /** A folder that the browser can read again later. */
  async addFolder(handle: FileSystemDirectoryHandle): Promise<void> {
    const source = await folderSource(this.#state.sources, handle);
    await this.#put(source);
    await this.#read(source);
  }

  /** A folder by its files alone. */
  async addFiles(source: Source, files: readonly Found[]): Promise<void> {
    await this.#put(source);
    await this.#take(source, files);
  }

  /** Single pictures, of which a copy is kept. */
  async addPictures(files: readonly File[]): Promise<void> {
    const pictures = files.map((file) => found(loose.id, file.name, file));
    await (await this.#collection).keep(pictures);
    await this.addFiles(loose, pictures);
  }

  /** Asks the user, from whose click this must come, for a folder that was remembered. */
  async allow(id: string): Promise<void> {
    const source = this.#state.sources.find((each) => each.id === id);
    if ((await source?.handle?.requestPermission({ mode: 'read' })) !== 'granted') return;
    await this.#sourcesChanged();
    await this.#read(source!);
  }

  /** Forgets a folder and its photos. */
  async removeSource(id: string): Promise<void> {
    const collection = await this.#collection;
    await this.#forget(await collection.removeSource(id));
    this.#tabs.tell({ kind: 'sources' });
    await this.#sourcesChanged();
  }

  /** Forgets photos, whose files stay; a folder that is read again brings them back. */
  async #forget(ids: ReadonlySet<string>): Promise<void> {
    for (const id of ids) this.#todo.delete(id);
    await this.#vectors?.remove(ids);
    if (ids.size > 0) this.#tabs.tell({ kind: 'removed', ids });
    await this.#photosChanged();
  }

  /** Another tab has stored it. */
  async #hear(news: News): Promise<void> {
    const collection = await this.#collection;
    if (news.kind === 'sources') {
      await collection.readSources();
      await this.#sourcesChanged();
      return this.#suit();
    }
    await this.#opened; // Rows that came before are in what it reads.
    const isOurs = news.kind === 'removed' || news.model === this.#model?.choice.key;
    for (const id of taken(news, collection, isOurs ? this.#vectors : undefined)) this.#todo.delete(id);
    await this.#photosChanged();
    this.#shown.set({ progress: this.#meter.progress(this.#todo.size) });
  }

  /**
   * The model that the user wants from now on: photos are embedded again, unless they were with it before. The one before
   * goes on until it is open.
   */
  async setModel(choice: ModelChoice): Promise<void> {
    const before = this.#chosen;
    this.#chosen = choice; // At once: photos that are added while it opens are for it.
    try {
      await this.#open(choice);
    } catch (error) {
      if (this.#chosen === choice) this.#chosen = before;
      throw error;
    }
    if (this.#chosen === choice) rememberModel(choice);
  }

  #open(choice: ModelChoice): Promise<void> {
    const opening = this.#openNow(choice);
    this.#opened = opening.catch(() => undefined);
    return opening;
  }

  async #openNow(choice: ModelChoice): Promise<void> {
    const before = this.#state.model;
    const asked = (this.#asked = {});
    this.#shown.set({ model: { choice, status: 'opening' } });
    try {
      const collection = await this.#collection;
      const model = await openModel(choice);
      if (this.#asked !== asked) return model[Symbol.dispose](); // Another one is wanted by now.
      await this.#stop();
      await this.#vectors?.close();
      this.#model?.[Symbol.dispose]();
      this.#model = model;
      this.#vectors = await Vectors.open(choice.key, model.embedder, collection);
      this.#meter.clear();
      this.#todo.clear();
      this.#shown.set({ model: { choice, status: 'ready' } });
      await this.#photosChanged();
      this.#go(collection.files.values());
    } catch (error) {
      if (this.#asked !== asked) return;
      const problem = error instanceof Error ? error.message : String(error);
      this.#shown.set({ model: this.#model ? before : { choice, status: 'failed', problem } });
      throw error;
    }
  }

  async pause(): Promise<void> {
    this.#shown.set({ paused: true });
    await this.#stop();
  }

  resume(): void {
    this.#shown.set({ paused: false });
    this.#go([]);
  }

  async #put(source: Source): Promise<void> {
    await (await this.#collection).putSource(source);
    this.#tabs.tell({ kind: 'sources' });
    await this.#sourcesChanged();
    this.#suit();
  }

  #suit(): void {
    const choice = this.#chosen ?? suited(this.#state.sources);
    if (choice.key !== this.#state.model.choice.key) void this.#open(choice).catch(() => undefined);
  }

  async #read(source: Source): Promise<void> {
    if (!source.handle) return;
    this.#shown.set({ reading: this.#state.reading + 1 });
    try {
      await this.#take(source, await Array.fromAsync(filesOf({ ...source, handle: source.handle })));
    } finally {
      this.#shown.set({ reading: this.#state.reading - 1 });
    }
  }

  /** What is new is embedded, what is gone is forgotten. */
  async #take(source: Source, files: readonly Found[]): Promise<void> {
    const collection = await this.#collection;
    await this.#forget(await collection.take(source, files));
    this.#go(files);
  }

  #go(more: Iterable<Found>): void {
    const vectors = this.#vectors;
    if (!vectors || !this.#model) return;
    void this.#collection.then((collection) => {
      for (const file of more) {
        if (!vectors.table.has(file.id) && !collection.refusals.has(file.id)) this.#todo.set(file.id, file);
      }
      this.#shown.set({ progress: this.#meter.progress(this.#todo.size) });
      if (this.#run || this.#state.paused || this.#todo.size === 0 || !this.#model) return;
      const stop = new AbortController();
      const ended = this.#embed(collection, stop.signal);
      this.#run = { stop, ended };
    });
  }

  async #stop(): Promise<void> {
    this.#run?.stop.abort();
    await this.#run?.ended;
  }

  async #embed(collection: Collection, signal: AbortSignal): Promise<void> {
    const known = (id: string) => collection.photos.get(id);
    const work = async () => {
      const files = this.#todo.values(); // It goes on with what is added meanwhile.
      this.#meter.start();
      const options = { thumbnailer: (this.#thumbnailer ??= new Thumbnailer()), known, signal };
      for await (const batch of embedPhotos(this.#model!.embedder, files, options)) await this.#keep(collection, batch);
      this.#meter.clear();
    };
    try {
      await this.#tabs.alone(signal, work, (elsewhere) => this.#shown.set({ elsewhere }));
    } catch (error) {
      if (!signal.aborted) this.#shown.set({ paused: true, problem: String(error) });
    }
    this.#run = undefined;
    this.#shown.set({ progress: this.#meter.progress(this.#todo.size) });
    if (!signal.aborted) this.#go([]);
  }

  /** Stored whole before it counts: a page that is closed loses nothing. */
  async #keep(collection: Collection, batch: Embedded): Promise<void> {
    const fresh = batch.photos.filter(({ id }) => !collection.photos.has(id));
    await collection.keepEmbedded(batch);
    await this.#vectors!.put(batch.photos, batch.rows);
    const { key } = this.#model!.choice;
    const refusals = batch.refused.flatMap(({ found: { id } }) => collection.refusals.get(id) ?? []);
    this.#tabs.tell({ kind: 'kept', model: key, photos: batch.photos, rows: batch.rows, refusals });
    const gone = batch.photos.filter(({ id }) => !this.#todo.delete(id)).map(({ id }) => id);
    for (const { found: file } of batch.refused) this.#todo.delete(file.id);
    this.#meter.add(batch.photos.length + batch.refused.length);
    const { photos, embedded } = this.#state;
    this.#shown.set({
      embedded: embedded + batch.photos.length,
      photos: fresh.length > 0 ? newestFirst([...photos, ...fresh]) : photos,
      rows: this.#vectors!.table.rows,
      refusals: refusals.length > 0 ? [...collection.refusals.values()] : this.#state.refusals,
      progress: this.#meter.progress(this.#todo.size),
    });
    if (gone.length > 0) await this.#forget(await collection.remove(gone)); // Forgotten while it was embedded.
  }

  async #photosChanged(): Promise<void> {
    const { photos, refusals } = await this.#collection;
    this.#shown.set({
      photos: newestFirst([...photos.values()]),
      refusals: [...refusals.values()],
      rows: this.#vectors?.table.rows,
    });
  }

  async #sourcesChanged(): Promise<void> {
    const collection = await this.#collection;
    const sources = [...collection.sources.values()];
    const access = await Promise.all(sources.map(accessOf));
    this.#shown.set({ sources: sources.map((source, i) => ({ ...source, access: access[i]! })) });
    await this.#photosChanged();
  }
}
