export { constant, type Initializer, normal, ones, uniform, xavierUniform, zeros } from './initializer.ts';
export { linear, type Linear, linearSpec } from './linear.ts';
export { initializeModel, loadModel, type LoadOptions, type Model } from './model.ts';
export { type NameTable, place, type Placement, type Source } from './name-table.ts';
export { seededRandom } from './random.ts';
export { param, type Param, type ParamsOf, parameters, type Spec } from './spec.ts';
export { joinNames } from './join-names.ts';
export { variablesOf } from './variables-of.ts';
