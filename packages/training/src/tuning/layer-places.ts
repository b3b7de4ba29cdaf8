/** Where a parameter stands in its tower: 0 before the first layer, `layers + 1` behind the last. */
export interface LayerPlace {
  readonly layer: number;
  /** Of the tower. */
  readonly layers: number;
}

/**
 * Places by the paths of parameters, which come in the order of use. A layer is what has a number of its own, as `image.blocks.3`
 * or `image.stages.1.2`; what stands between two belongs to the one before.
 */
export function layerPlaces(paths: readonly string[]): ReadonlyMap<string, LayerPlace> {
  const towers = new Map<string, [path: string, layer: string | undefined][]>();
  for (const path of paths) {
    const tower = path.split('.', 1)[0]!;
    const known = towers.get(tower) ?? [];
    known.push([path, /^.*\.\d+(?=\.)/.exec(path)?.[0]]);
    towers.set(tower, known);
  }
  return new Map([...towers.values()].flatMap(placesOf));
}

function placesOf(members: readonly [path: string, layer: string | undefined][]): [string, LayerPlace][] {
  const names = [...new Set(members.flatMap(([, layer]) => layer ?? []))];
  const last = members.findLastIndex(([, layer]) => layer !== undefined);
  let before = 0;
  return members.map(([path, layer], at) => {
    if (layer !== undefined) before = names.indexOf(layer) + 1;
    return [path, { layer: at > last ? names.length + 1 : before, layers: names.length }];
  });
}
