import type { HubProgress } from '@diptych/files';
import type { Progress } from './progress.ts';

export interface DownloadBar {
  readonly onDownload: (progress: HubProgress) => void;
  readonly stop: () => void;
}

/** One bar for all files that are downloaded, shown once there is one. Its total grows as further files begin. */
export function downloadBar(progress: Progress): DownloadBar {
  const files = new Map<string, HubProgress>();
  let bar: ReturnType<Progress['start']> | undefined;
  return {
    onDownload(file) {
      files.set(file.path, file);
      const sum = (part: 'done' | 'total') => [...files.values()].reduce((bytes, each) => bytes + each[part], 0);
      bar ??= progress.start('downloading', { total: sum('total'), unit: 'bytes' });
      bar.update(sum('done'), sum('total'));
    },
    stop: () => bar?.stop(),
  };
}
