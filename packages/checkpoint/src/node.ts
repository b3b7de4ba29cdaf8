export { type LastGoodOptions, openLastGood } from './node/open-last-good.ts';
