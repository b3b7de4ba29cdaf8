import Jsdom from 'jest-fixed-jsdom';

/** What code for Node finds in Node, and jsdom lacks. */
export default class Environment extends Jsdom {
  constructor(...options) {
    super(...options);
    Object.assign(this.global, { DecompressionStream, MessageChannel });
  }
}
