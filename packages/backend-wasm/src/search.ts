export { searchKernels } from './search/search-kernels.ts';
