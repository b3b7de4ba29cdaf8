export { describeGolden, goldenBytes, goldenJson, goldenPath, goldenText } from './golden.ts';
