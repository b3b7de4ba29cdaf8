import { emoji } from '@diptych/model-emoji';
import { photo } from '@diptych/model-photo';
import { serveEmbedder } from 'diptych/worker/serve';

serveEmbedder({ models: { emoji, photo } });
