import { blobFiles } from '@diptych/files';
import { type ChangeEvent, useState } from 'react';
import { jsonLines, npy, save } from '../library/export.ts';
import { listedModels, type ModelChoice } from '../library/models.ts';
import { counted } from './amounts.ts';
import { useLibrary, useLibraryState } from './use-library.ts';

/** Which model photos are embedded with, others to take, and their vectors as files. */
export function Model() {
  const library = useLibrary();
  const { model, rows, sources, photos } = useLibraryState();
  const [problem, setProblem] = useState<string>();
  const choose = (choice: ModelChoice) => {
    setProblem(undefined);
    library.setModel(choice).catch((error: unknown) => setProblem(`${choice.label}: ${messageOf(error)}`));
  };
  const listed = listedModels();
  const all = listed.some(({ key }) => key === model.choice.key) ? listed : [...listed, model.choice];
  const fileName = `photos-${model.choice.key.replaceAll('/', '-')}`;
  const nameOf = (id: string) => sources.find((source) => source.id === id)?.name ?? id;
  const onFolder = ({ currentTarget }: ChangeEvent<HTMLInputElement>) => {
    const files = [...(currentTarget.files ?? [])];
    const [name = 'model'] = files[0]?.webkitRelativePath.split('/') ?? [];
    const content = Object.fromEntries(files.map((file) => [file.webkitRelativePath.slice(name.length + 1), file]));
    currentTarget.value = '';
    if (files.length > 0) choose({ key: `folder-${name}`, label: name, model: blobFiles(content, name) });
  };
  return (
    <>
      <section aria-labelledby="model">
        <h2 id="model">Model</h2>
        <p className="note">
          Another model embeds all photos anew, in the background. What it made is kept: going back embeds nothing.
        </p>
        <fieldset className="lines" aria-busy={model.status === 'opening'}>
          <legend>Models</legend>
          {all.map((choice) => (
            <label key={choice.key}>
              <input
                type="radio"
                name="model"
                checked={choice.key === model.choice.key}
                onChange={() => choose(choice)}
              />
              <span>
                <strong>{choice.label}</strong>
                {choice.key === model.choice.key && model.status === 'ready' && (
                  <>
                    {counted(rows?.photos.length ?? 0, 'photo')} of {photos.length.toLocaleString('en-GB')} embedded
                  </>
                )}
              </span>
            </label>
          ))}
        </fieldset>
        {problem && <p role="alert">{problem}</p>}
        <div className="add">
          <label className="button">
            A model’s folder …
            <input
              type="file"
              multiple
              aria-label="A model’s folder"
              {...{ webkitdirectory: '' }}
              onChange={onFolder}
            />
          </label>
          <a className="button" href="./models.html">
            Models of the hub …
          </a>
        </div>
      </section>
      <section aria-labelledby="vectors">
        <h2 id="vectors">Vectors</h2>
        <p className="note">A row of float32 for each photo, and a line of JSON for each row.</p>
        <div className="add">
          <button
            type="button"
            disabled={!rows?.photos.length}
            onClick={() => save(`${fileName}.npy`, npy(rows!.rows))}
          >
            Export .npy
          </button>
          <button
            type="button"
            disabled={!rows?.photos.length}
            onClick={() => save(`${fileName}.jsonl`, jsonLines(rows!, nameOf))}
          >
            Export JSONL
          </button>
        </div>
      </section>
    </>
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
