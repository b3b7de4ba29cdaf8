import { memoryStore } from '../../src/index.ts';
import { describeStore } from './store-suite.ts';

describeStore('memory', async () => async (config) => memoryStore(config));
