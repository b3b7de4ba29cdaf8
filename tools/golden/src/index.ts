/// <reference path="./readme.d.ts" />
export { bundled } from './bundled.ts';
export { everyEncoding } from './every-encoding.ts';
export { expectExample } from './example.ts';
export { given } from './given.ts';
export { describeGolden, goldenBytes, goldenJson, goldenPath, goldenText } from './golden.ts';
