import { emoji } from '@diptych/model-emoji';
import { serveEmbedder } from 'diptych/worker/serve';

serveEmbedder({ models: { emoji } });
