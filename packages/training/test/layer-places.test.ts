import { expect, it } from 'vitest';
import { layerPlaces } from '../src/tuning/layer-places.ts';

it('numbers the layers of each tower, and what is before and behind them', () => {
  const paths = ['text.tokens', 'text.blocks.0.mlp.fc1.bias', 'text.blocks.1.norm1.weight', 'text.projection.weight'];
  const stages = [
    'image.stem.weight',
    'image.stages.0.0.conv.weight',
    'image.stages.0.1.conv.weight',
    'image.between.bias',
  ];
  const found = layerPlaces([...paths, ...stages, 'image.stages.1.0.conv.weight', 'image.pool.weight', 'logScale']);
  const places = Object.fromEntries([...found].map(([path, { layer, layers }]) => [path, [layer, layers]]));
  expect(places).toEqual({
    'text.tokens': [0, 2],
    'text.blocks.0.mlp.fc1.bias': [1, 2],
    'text.blocks.1.norm1.weight': [2, 2],
    'text.projection.weight': [3, 2],
    'image.stem.weight': [0, 3],
    'image.stages.0.0.conv.weight': [1, 3],
    'image.stages.0.1.conv.weight': [2, 3],
    'image.between.bias': [2, 3],
    'image.stages.1.0.conv.weight': [3, 3],
    'image.pool.weight': [4, 3],
    logScale: [1, 0],
  });
});
