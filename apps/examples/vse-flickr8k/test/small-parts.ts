import { seededRandom } from '@diptych/core';
import type { Part, Parts } from '../src/part.ts';

const things = ['dog', 'cat', 'boy', 'girl', 'bird', 'horse', 'car', 'boat'];
const places = ['beach', 'street', 'snow', 'field', 'river', 'house', 'forest', 'bridge'];
const features = 24;

/** Photos of a thing in a place, with a feature for each and noise, and three captions that name both. */
export function smallParts(): Parts {
  return { train: part(192, 1), val: part(64, 2), test: part(64, 3) };
}

function part(photos: number, seed: number): Part {
  const random = seededRandom(seed);
  const data = Float32Array.from({ length: photos * features }, () => 0.2 * random());
  const captions = Array.from({ length: photos }, (_, photo) => {
    const [thing, place] = [photo % things.length, Math.floor(photo / things.length) % places.length];
    data[photo * features + thing]! += 1;
    data[photo * features + things.length + place]! += 1;
    const [what, where] = [things[thing]!, places[place]!];
    return [`A ${what} at the ${where} .`, `the ${where} , with a ${what} in it`, `${what} near ${where}`];
  });
  return { images: { data, shape: [photos, features] }, captions };
}
