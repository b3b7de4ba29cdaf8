export { horizontal } from './horizontal';
export { vertical } from './vertical';
