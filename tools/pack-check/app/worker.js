import { serveEmbedder } from 'diptych/worker/serve';

serveEmbedder();
