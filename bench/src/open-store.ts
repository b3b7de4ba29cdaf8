import { join } from 'node:path';
import { searchKernels } from '@diptych/backend-wasm/search';
import type { Store } from '@diptych/retrieval';
import { libsqlStore } from '@diptych/retrieval/libsql';
import { fileStore } from '@diptych/retrieval/node';
import { config } from './store-rows.ts';

/** A store in a folder, with the kernel of `int8`. */
export async function openStore(engine: string, folder: string): Promise<Store> {
  const kernel = (await searchKernels())?.int8;
  if (engine === 'libsql') return libsqlStore(join(folder, 'rows.db'), config, { kernel });
  return fileStore(folder, config, { kernel });
}
