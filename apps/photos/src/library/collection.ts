import { Database } from './database.ts';
import type { Embedded } from './embed-photos.ts';
import { found, type Found } from './found.ts';
import type { Photo } from './photo.ts';
import { type Refusal, refusalByName } from './refusal.ts';
import { loose, type Source } from './source.ts';

/** Photos, refused files and folders, in memory as they are in the browser's database. */
export class Collection {
  readonly photos: ReadonlyMap<string, Photo>;
  readonly refusals: ReadonlyMap<string, Refusal>;
  readonly sources: ReadonlyMap<string, Source>;
  /** Files that can be read now, by id. */
  readonly files = new Map<string, Found>();
  readonly database: Database;
  readonly #photos: Map<string, Photo>;
  readonly #refusals: Map<string, Refusal>;
  readonly #sources: Map<string, Source>;

  constructor(
    database: Database,
    kept: { readonly photos: Photo[]; readonly refusals: Refusal[]; readonly sources: Source[] },
  ) {
    this.database = database;
    this.photos = this.#photos = byId(kept.photos);
    this.refusals = this.#refusals = byId(kept.refusals);
    this.sources = this.#sources = byId(kept.sources);
  }

  static async open(): Promise<Collection> {
    const database = await Database.open();
    const all = [database.all('photos'), database.all('refusals'), database.all('sources')] as const;
    const [photos, refusals, sources] = await Promise.all(all);
    return new Collection(database, { photos, refusals, sources });
  }

  /** Single pictures that were kept whole. */
  async originals(): Promise<Found[]> {
    return (await this.database.all('originals')).map((file) => found(loose.id, file.name, file));
  }

  async keep(pictures: readonly Found[]): Promise<void> {
    await this.database.change({ originals: new Map(pictures.map(({ id, file }) => [id, file])) });
  }

  async putSource(source: Source): Promise<void> {
    this.#sources.set(source.id, source);
    await this.database.change({ sources: new Map([[source.id, source]]) });
  }

  /** As another tab left them. */
  async readSources(): Promise<void> {
    const sources = await this.database.all('sources');
    this.#sources.clear();
    for (const source of sources) this.#sources.set(source.id, source);
  }

  /** What another tab stored. */
  show(photos: readonly Photo[], refusals: readonly Refusal[]): void {
    for (const photo of photos) this.#photos.set(photo.id, photo);
    for (const each of refusals) this.#refusals.set(each.id, each);
  }

  /** What another tab removed, or is removed next. */
  drop(ids: Iterable<string>): void {
    for (const id of ids) for (const map of [this.#photos, this.#refusals, this.files]) map.delete(id);
  }

  /** Those that no tab has stored. */
  async unknown(ids: readonly string[]): Promise<string[]> {
    const kept = await Promise.all(ids.map(async (id) => this.#photos.has(id) || this.database.get('photos', id)));
    return ids.filter((_, i) => !kept[i]);
  }

  /** @returns Ids of its photos, which are gone. */
  async removeSource(id: string): Promise<ReadonlySet<string>> {
    this.#sources.delete(id);
    const gone = this.#of(id).map((each) => each.id);
    const files = [...this.files.values()].filter(({ source }) => source === id).map((file) => file.id);
    await this.database.change({ sources: new Map([[id, undefined]]) });
    return this.remove([...gone, ...files]);
  }

  /**
   * All files of a source, or more of one that only grows.
   *
   * @returns Ids of photos that are gone.
   */
  async take(source: Source, files: readonly Found[]): Promise<ReadonlySet<string>> {
    const there = new Set(files.map(({ id }) => id));
    const gone = source.kind === 'folder' ? this.#of(source.id).filter(({ id }) => !there.has(id)) : [];
    for (const file of files) this.files.set(file.id, file);
    const refused = files.flatMap((file) => refusal(file, refusalByName(file.path)));
    await this.#refuse(refused.filter(({ id }) => !this.#refusals.has(id)));
    return this.remove(gone.map(({ id }) => id));
  }

  async keepEmbedded({ photos, thumbnails, refused }: Embedded): Promise<void> {
    await this.#refuse(refused.flatMap(({ found: file, reason }) => refusal(file, reason)));
    await this.database.change({ photos: byId(photos), thumbnails });
    for (const photo of photos) this.#photos.set(photo.id, photo);
  }

  async remove(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const none = new Map(ids.map((id) => [id, undefined]));
    this.drop(ids);
    await this.database.change({ photos: none, thumbnails: none, refusals: none, originals: none });
    return new Set(ids);
  }

  async #refuse(refusals: readonly Refusal[]): Promise<void> {
    await this.database.change({ refusals: byId(refusals) });
    for (const each of refusals) this.#refusals.set(each.id, each);
  }

  #of(source: string): (Photo | Refusal)[] {
    return [...this.#photos.values(), ...this.#refusals.values()].filter((each) => each.source === source);
  }
}

function refusal({ id, source, path }: Found, reason: string | undefined): Refusal[] {
  return reason === undefined ? [] : [{ id, source, path, reason }];
}

function byId<T extends { readonly id: string }>(items: readonly T[]): Map<string, T> {
  return new Map(items.map((item) => [item.id, item]));
}
