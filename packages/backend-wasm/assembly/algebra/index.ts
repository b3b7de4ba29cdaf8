export { eigen, eigenBytes } from './eigen';
export { product, productBytes } from './product';
export { cholesky, solveLower, solveLowerTransposed } from './triangle';
