export { configReader, type ConfigReader } from '@diptych/core';
