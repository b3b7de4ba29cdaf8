import type { Photo, Rows } from './photo.ts';

/** Rows of photos in one array that grows, in the order in which they came. */
export class RowTable<P extends { readonly id: string } = Photo> {
  readonly dim: number;
  #data: Float32Array;
  #photos: P[] = [];
  readonly #places = new Map<string, number>();

  constructor(dim: number) {
    this.dim = dim;
    this.#data = new Float32Array(256 * dim);
  }

  get size(): number {
    return this.#photos.length;
  }

  /** `[n, dim]`. */
  get rows(): { readonly photos: readonly P[]; readonly rows: Rows['rows'] } {
    const { size, dim } = this;
    return { photos: [...this.#photos], rows: { data: this.#data.subarray(0, size * dim), shape: [size, dim] } };
  }

  has(id: string): boolean {
    return this.#places.has(id);
  }

  row(id: string): Float32Array | undefined {
    const place = this.#places.get(id);
    return place === undefined ? undefined : this.#data.subarray(place * this.dim, (place + 1) * this.dim);
  }

  /** Row `i` is that of photo `i`; one that is there already is replaced. */
  add(photos: readonly P[], rows: Float32Array): void {
    this.#reserve(this.size + photos.length);
    photos.forEach((photo, i) => {
      const place = this.#places.get(photo.id) ?? this.#photos.length;
      this.#photos[place] = photo;
      this.#places.set(photo.id, place);
      this.#data.set(rows.subarray(i * this.dim, (i + 1) * this.dim), place * this.dim);
    });
  }

  remove(ids: ReadonlySet<string>): void {
    const before = this.#photos;
    const { dim } = this;
    this.#photos = [];
    this.#places.clear();
    // What was given out keeps its rows.
    const data = new Float32Array(this.#data.length);
    before.forEach((photo, from) => {
      if (ids.has(photo.id)) return;
      const place = this.#photos.push(photo) - 1;
      this.#places.set(photo.id, place);
      data.set(this.#data.subarray(from * dim, (from + 1) * dim), place * dim);
    });
    this.#data = data;
  }

  #reserve(rows: number): void {
    if (rows * this.dim <= this.#data.length) return;
    const grown = new Float32Array(Math.max(rows * this.dim, this.#data.length * 2));
    grown.set(this.#data);
    this.#data = grown;
  }
}
