import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';

const mounted = 'mount -t tmpfs -o size="$1" none "$2" && shift 2 && exec "$@"';

/** What goes before a command that is to find a disk of a size in a folder; nobody else sees it. */
export function smallDisk(size: string, folder: string): readonly [string, ...string[]] {
  return ['unshare', '--mount', 'sh', '-c', mounted, 'sh', size, folder];
}

/** Whether disks can be mounted here. */
export function canMount(): boolean {
  const [program, ...args] = [...smallDisk('200k', tmpdir()), 'true'];
  return spawnSync(program, args).status === 0;
}
