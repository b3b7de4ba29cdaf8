export { linearAlgebra } from './algebra/linear-algebra.ts';
