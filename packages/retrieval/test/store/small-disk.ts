import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { bundled } from '@diptych/golden';

const mounted = 'mount -t tmpfs -o size="$1" none "$2" && shift 2 && exec "$@"';
const [program, ...disk] = ['unshare', '--mount', 'sh', '-c', mounted, 'sh'];
const run = (size: string, path: string, command: readonly string[]) =>
  spawnSync(program, [...disk, size, path, ...command], { encoding: 'utf8' });

/** Whether disks can be mounted here. */
export const canMount: boolean = run('200k', tmpdir(), ['true']).status === 0;

/** Runs a script of the test configuration that gets a folder in which a disk of a size is mounted. */
export function onSmallDisk(folder: string, size: string, script: string): { stdout: string; stderr: string } {
  return run(size, folder, [process.execPath, bundled(script), folder]);
}
