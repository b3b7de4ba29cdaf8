import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// Imported before a program: it frees what nobody has any more whenever it is sent SIGUSR2, so that what is left is held.
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
process.on('SIGUSR2', () => collect());
