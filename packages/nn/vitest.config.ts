import { testConfig } from '../../vitest.shared.ts';

export default testConfig({ prebundle: ['@tensorflow/tfjs-layers'] });
