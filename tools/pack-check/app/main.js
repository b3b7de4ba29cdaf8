import { embedBoth } from './embed-both.js';

globalThis.embedded = embedBoth('/model/', '/picture.png').catch((error) => ({ error: String(error) }));
