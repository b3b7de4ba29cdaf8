import { embed } from './embed.js';

globalThis.embedded = embed('/picture.png').catch((error) => ({ error: String(error) }));
