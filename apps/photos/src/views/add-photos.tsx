import { useRef } from 'react';
import { picked, pickedFolder, samplesId } from '../library/source.ts';
import { samples } from '../samples.ts';
import { useLibrary } from './use-library.ts';

/** A button that adds a folder; before there is one, the samples too. */
export function AddPhotos({ isFirst }: { readonly isFirst?: boolean }) {
  const library = useLibrary();
  const input = useRef<HTMLInputElement>(null);
  const pick = async () => {
    if (!window.showDirectoryPicker) return input.current!.click();
    const handle = await window.showDirectoryPicker({ id: 'photos', mode: 'read' }).catch(() => undefined);
    if (handle) await library.addFolder(handle);
  };
  const trySamples = async () => {
    const files = await Promise.all(
      samples.map(async ({ name, url }) => {
        const blob = await (await fetch(url)).blob();
        return [name, new File([blob], `${name}.webp`, { type: blob.type, lastModified: 0 })] as const;
      }),
    );
    const { source, found } = picked(
      'Samples',
      files.map(([, file]) => [file.name, file]),
      samplesId,
    );
    await library.addFiles(source, found);
  };
  return (
    <div className="add">
      <button type="button" className={isFirst ? 'main' : undefined} onClick={() => void pick()}>
        Add a folder
      </button>
      {isFirst && (
        <button type="button" onClick={() => void trySamples()}>
          Try 24 samples
        </button>
      )}
      <input
        ref={input}
        type="file"
        hidden
        multiple
        aria-label="Folder"
        {...{ webkitdirectory: '' }}
        onChange={({ currentTarget }) => {
          const { source, found } = pickedFolder(currentTarget.files ?? []);
          currentTarget.value = '';
          if (found.length > 0) void library.addFiles(source, found);
        }}
      />
    </div>
  );
}
