import { expect, test } from 'vitest';
import { joinNames, linearSpec, param, parameters, place, zeros } from '../src/index.ts';
import { fakeCheckpoint } from './fake-checkpoint.ts';

const vector = param([2], zeros);

test('parameters are listed by dotted path, lists by index, in the order of the spec', () => {
  const spec = { b: vector, a: [linearSpec(1, 2), { deep: vector }] };
  expect([...parameters(spec)].map(([path]) => path)).toEqual(['b', 'a.0.weight', 'a.0.bias', 'a.1.deep']);
});

test('the longest key wins and the rest of the path is kept', () => {
  const spec = { blocks: [{ norm: { weight: vector, bias: vector } }] };
  const names = { 'blocks.*': 'layer.*', 'blocks.*.norm.bias': 'beta_*' };
  const file = fakeCheckpoint({ 'layer.0.norm.weight': [[2]], beta_0: [[2]] });
  expect(place(spec, file, { names }).map(({ from }) => from)).toEqual([['layer.0.norm.weight'], ['beta_0']]);
});

test('an index of its own goes before any index', () => {
  const names = { 'blocks.*': 'layer.*', 'blocks.0': 'first' };
  const file = fakeCheckpoint({ first: [[2]], 'layer.1': [[2]] });
  expect(place({ blocks: [vector, vector] }, file, { names })).toHaveLength(2);
});

test('a hash counts from one', () => {
  const file = fakeCheckpoint({ 'layer1.0': [[2]], 'layer1.1': [[2]] });
  expect(place({ stages: [[vector, vector]] }, file, { names: { 'stages.*.*': 'layer#.*' } })).toHaveLength(2);
});

test('arrays of any depth can be ignored by their ending', () => {
  const file = fakeCheckpoint({ w: [[2]], 'layer1.0.bn.steps': [[]], 'bn.steps': [[]] });
  expect(place({ w: vector }, file, { names: { w: 'w' }, ignore: ['**.steps'] })).toHaveLength(1);
});

test('indices fill the stars in order', () => {
  const spec = { stages: [{ blocks: [vector, vector] }] };
  const file = fakeCheckpoint({ 's0.b0': [[2]], 's0.b1': [[2]] });
  const placed = place(spec, file, { names: { 'stages.*.blocks.*': 's*.b*' } });
  expect(placed.map(({ from }) => from[0])).toEqual(['s0.b0', 's0.b1']);
});

test('axes of length one do not count', () => {
  const file = fakeCheckpoint({ probe: [[1, 1, 2]] });
  expect(place({ probe: vector }, file, { names: { probe: 'probe' } })).toHaveLength(1);
});

test('arrays that do not stack are refused', () => {
  const file = fakeCheckpoint({ q: [[1, 2]], k: [[1, 3]] });
  const stacked = () => place({ w: param([2, 2], zeros) }, file, { names: { w: ['q', 'k'] } });
  expect(stacked).toThrow('w: expected [2,2], found q [1,2] + k [1,3]');
});

test('a long list of problems is cut', () => {
  const spec = { w: Array.from({ length: 12 }, () => vector) };
  expect(() => place(spec, fakeCheckpoint({}), { names: { 'w.*': 'w.*' } })).toThrow(/w\.9 is missing.*; and 2 more$/);
});

test('joined tables answer for the parts of a model and for parts that are one parameter', () => {
  const spec = { text: { w: vector }, image: { w: vector }, scale: vector };
  const table = joinNames({
    text: { names: { w: 't.w' }, ignore: ['t.ids'] },
    image: { names: { w: 'v.w' } },
    scale: { names: { '': 'logit_scale' } },
  });
  const file = fakeCheckpoint({ 't.w': [[2]], 'v.w': [[2]], logit_scale: [[2]], 't.ids': [[7]] });
  expect(place(spec, file, table).map(({ from }) => from[0])).toEqual(['t.w', 'v.w', 'logit_scale']);
});
