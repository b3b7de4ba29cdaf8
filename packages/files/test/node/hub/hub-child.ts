import { hub } from '@diptych/files/node';

const [endpoint = '', cacheFolder = ''] = process.argv.slice(2);
const onProgress = ({ done }: { done: number }) => process.stdout.write(`${done}\n`);
const source = await hub('org/model', { endpoint, cacheFolder, onProgress }).open('model.safetensors');
process.stdout.write(`size ${source?.size}\n`);
