export { rotate, rotationBytes, sweep } from './eigen';
export { product, productBytes } from './product';
export { cholesky, solveLower, solveLowerTransposed } from './triangle';
export { factorsOf, tridiagonalize } from './tridiagonal';
