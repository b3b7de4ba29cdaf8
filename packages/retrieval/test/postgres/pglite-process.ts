import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite/vector';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

const [folder = '', port = ''] = process.argv.slice(2);
const db = await PGlite.create({ dataDir: folder, extensions: { vector } });
await new PGLiteSocketServer({ db, port: Number(port), maxConnections: 16 }).start();
process.stdout.write('ready\n');
