export { eigenUnit, symmetricEigen } from './numbers/symmetric-eigen.ts';
