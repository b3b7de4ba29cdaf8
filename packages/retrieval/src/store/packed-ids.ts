import { EmbeddingError } from '@diptych/core';
import { bytesOf, numbersOf } from './array-bytes.ts';
import { grown } from './grown.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
/** So many others before one mean that somebody chose the ids: the engine's own tables are made for that. */
const mostProbes = 128;
/** What is no tag. */
const [none, removed] = [0, 1];
const mostBytes = 2 ** 32 - 1;
const atOnce = 256;

/**
 * Texts by slot, side by side in UTF-8, and the slot of each: a quarter of what strings and a `Map` of them take, and
 * nothing that garbage collection has to walk. What is removed keeps its bytes.
 */
export class PackedIds {
  #bytes = new Uint8Array(0);
  /** Where each begins, and where the last ends. */
  #starts = new Uint32Array(64);
  #there = new Uint8Array(0);
  /** By hash: slots, and one byte more of the hash, so that few others are looked at. */
  #table = new Uint32Array(64);
  #tags = new Uint8Array(64);
  #used = 0;
  #map: Map<string, number> | undefined;
  #key = new Uint8Array(256);
  readonly #seed = Math.floor(2 ** 32 * Math.random());
  length = 0;
  size = 0;

  /** For `restore`. */
  keep(): Uint8Array[] {
    const starts = this.#starts.subarray(0, this.length + 1);
    return [bytesOf(starts), this.#there.subarray(0, this.length), this.#bytes.subarray(0, starts[this.length])];
  }

  /** Takes the place of what is there. @param parts What was kept; it takes its own from the front. */
  restore(parts: Uint8Array[]): void {
    const [starts, there, bytes] = parts.splice(0, 3);
    this.#starts = numbersOf(Uint32Array, starts!);
    this.#there = there!.slice();
    this.#bytes = bytes!.slice();
    this.length = this.#there.length;
    this.size = this.#there.reduce((sum, one) => sum + one, 0);
    this.#map = undefined;
    this.#rehash();
  }

  slotOf(id: string): number | undefined {
    if (this.#map) return this.#map.get(id);
    const end = this.#encode(id);
    const place = this.#placeOf(this.#key, 0, end);
    return this.#tags[place] === none ? undefined : this.#table[place];
  }

  has(slot: number): boolean {
    return this.#there[slot] === 1;
  }

  /** `undefined` for one that was removed. */
  at(slot: number): string | undefined {
    return this.has(slot) ? this.#text(slot) : undefined;
  }

  /** The slot of an id, the next one if it was not there. */
  add(id: string): number {
    const end = this.#encode(id);
    return this.#add(this.#key, 0, end, hash(this.#key, 0, end, this.#seed));
  }

  /**
   * The slots of ids in UTF-8, of which `ends` tells where each begins and ends. Of some at a time the places in the table
   * are read before any is needed, so that the processor need not wait for one after the other.
   */
  addAll(from: Uint8Array, ends: Uint32Array): Uint32Array {
    const [slots, sums] = [new Uint32Array(ends.length / 2), new Int32Array(atOnce)];
    for (let first = 0; first < slots.length; first += atOnce) {
      const count = Math.min(atOnce, slots.length - first);
      const [tags, table, mask] = [this.#tags, this.#table, this.#tags.length - 1];
      for (let i = 0; i < count; i++) {
        const at = 2 * (first + i);
        const sum = (sums[i] = hash(from, ends[at]!, ends[at + 1]!, this.#seed));
        slots[first + i] = tags[sum & mask]! ^ table[sum & mask]!; // Only so that it is read at all.
      }
      for (let i = 0; i < count; i++) {
        const at = 2 * (first + i);
        slots[first + i] = this.#add(from, ends[at]!, ends[at + 1]!, sums[i]!);
      }
    }
    return slots;
  }

  #add(from: Uint8Array, start: number, end: number, sum: number): number {
    if (this.#map) return this.#map.get(textOf(from, start, end)) ?? this.#push(from, start, end);
    const place = this.#placeOf(from, start, end, sum);
    if (this.#tags[place] !== none) return this.#table[place]!;
    const slot = this.#push(from, start, end);
    const distance = (place - sum) & (this.#table.length - 1);
    if (distance > mostProbes) this.#useMap();
    else if (2 * ++this.#used > this.#table.length) this.#rehash();
    else this.#enter(place, slot, sum);
    return slot;
  }

  /** Makes room for so many, so that what is there is copied once. */
  reserve(count: number): void {
    this.#starts = grown(this.#starts, count + 1);
    this.#there = grown(this.#there, count);
    this.#rehash(count);
  }

  /** The slot that it had. */
  remove(id: string): number | undefined {
    const end = this.#encode(id);
    return this.removeBytes(this.#key, 0, end);
  }

  /** As `remove`, of the UTF-8 of an id. */
  removeBytes(from: Uint8Array, start: number, end: number): number | undefined {
    const slot = this.#map ? this.#map.get(textOf(from, start, end)) : this.#take(from, start, end);
    if (slot === undefined) return undefined;
    this.#map?.delete(textOf(from, start, end));
    this.#there[slot] = 0;
    this.size--;
    return slot;
  }

  #take(from: Uint8Array, start: number, end: number): number | undefined {
    const place = this.#placeOf(from, start, end);
    if (this.#tags[place] === none) return undefined;
    this.#tags[place] = removed;
    return this.#table[place];
  }

  #push(from: Uint8Array, start: number, end: number): number {
    const slot = this.length;
    const at = this.#starts[slot]!;
    const next = at + end - start;
    if (next > mostBytes) {
      throw new EmbeddingError('OUT_OF_MEMORY', {
        where: 'store',
        expected: `ids of at most ${mostBytes} bytes in all`,
        got: 'more',
      });
    }
    if (next > this.#bytes.length) this.#bytes = grown(this.#bytes, next);
    if (slot + 2 > this.#starts.length) this.#starts = grown(this.#starts, slot + 2);
    if (slot + 1 > this.#there.length) this.#there = grown(this.#there, slot + 1);
    const bytes = this.#bytes;
    for (let i = start; i < end; i++) bytes[at + i - start] = from[i]!;
    this.#starts[slot + 1] = next;
    this.#there[slot] = 1;
    this.#map?.set(textOf(from, start, end), slot);
    this.length++;
    this.size++;
    return slot;
  }

  /** Its bytes go to `#key`; their number. */
  #encode(id: string): number {
    if (this.#key.length < 3 * id.length) this.#key = new Uint8Array(6 * id.length);
    for (let i = 0; i < id.length; i++) {
      const code = id.charCodeAt(i);
      if (code > 127) return encoder.encodeInto(id, this.#key).written;
      this.#key[i] = code;
    }
    return id.length;
  }

  #text(slot: number): string {
    return textOf(this.#bytes, this.#starts[slot]!, this.#starts[slot + 1]!);
  }

  /** Where the table has it, or the first place that has none. */
  #placeOf(from: Uint8Array, start: number, end: number, sum: number = hash(from, start, end, this.#seed)): number {
    const [tags, mask, tag] = [this.#tags, this.#tags.length - 1, tagOf(sum)];
    for (let place = sum & mask; ; place = (place + 1) & mask) {
      const there = tags[place];
      if (there === none || (there === tag && this.#isAt(place, from, start, end))) return place;
    }
  }

  #isAt(place: number, from: Uint8Array, start: number, end: number): boolean {
    const [slot, bytes] = [this.#table[place]!, this.#bytes];
    const offset = this.#starts[slot]! - start;
    if (this.#starts[slot + 1]! !== end + offset) return false;
    for (let i = start; i < end; i++) if (bytes[offset + i] !== from[i]) return false;
    return true;
  }

  #enter(place: number, slot: number, sum: number): void {
    this.#table[place] = slot;
    this.#tags[place] = tagOf(sum);
  }

  #rehash(count = 2 * this.size): void {
    let length = 64;
    while (length < 2 * count) length *= 2;
    this.#table = new Uint32Array(length);
    this.#tags = new Uint8Array(length);
    this.#used = this.size;
    for (let slot = 0; slot < this.length && !this.#map; slot++) if (this.has(slot)) this.#replace(slot);
  }

  #replace(slot: number): void {
    const sum = hash(this.#bytes, this.#starts[slot]!, this.#starts[slot + 1]!, this.#seed);
    const mask = this.#table.length - 1;
    let place = sum & mask;
    for (let probes = 0; this.#tags[place] !== none; place = (place + 1) & mask) {
      if (++probes > mostProbes) return this.#useMap();
    }
    this.#enter(place, slot, sum);
  }

  #useMap(): void {
    this.#table = new Uint32Array(0);
    this.#tags = new Uint8Array(0);
    this.#map = new Map();
    for (let slot = 0; slot < this.length; slot++) if (this.has(slot)) this.#map.set(this.#text(slot), slot);
  }
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return decoder.decode(bytes.subarray(start, end));
}

/** Of the bits that say nothing of the place. */
function tagOf(sum: number): number {
  return (sum >>> 24) | 2;
}

/** FNV-1a, mixed once more, since the table takes the lowest bits. */
function hash(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let sum = seed;
  for (let i = start; i < end; i++) sum = Math.imul(sum ^ bytes[i]!, 0x01000193);
  sum = Math.imul(sum ^ (sum >>> 15), 0x2c1b3c6d);
  return sum ^ (sum >>> 13);
}
