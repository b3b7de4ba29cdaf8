export { serve } from './serve.ts';
export { type RunningServer, type ServerOptions, startServer } from './server.ts';
export { readSettings, type Settings } from './settings.ts';
