// A worker of `bench:fleet` on one thread: server, job, folder of results and its name.
import { useBackend } from '@diptych/backend-wasm';
import { folderSink, openFleet, work } from '@diptych/fleet';
import { photo } from '@diptych/model-photo';
import { open } from 'diptych';
import { model } from './fleet-model.ts';

const [server = '', job = '', output = '', worker = ''] = process.argv.slice(2);
await useBackend('wasm', { threads: 1 });
const space = await open(photo);
await using fleet = await openFleet({ servers: [server], job });
await work(fleet, { space, model, sink: await folderSink(output), worker });
