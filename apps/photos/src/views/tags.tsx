import { useState } from 'react';
import { save, tagsCsv } from '../library/export.ts';
import type { Photo } from '../library/photo.ts';
import { counted } from './amounts.ts';
import { Thumbnail } from './thumbnail.tsx';
import { useFloor } from './use-floor.ts';
import { useLibraryState } from './use-library.ts';
import { useTagged } from './use-tags.ts';

/** Words that the user names, and how many photos each is said of. */
export function Tags({
  words,
  onWords,
  onOpen,
  onSearch,
}: {
  readonly words: readonly string[];
  readonly onWords: (words: readonly string[]) => void;
  readonly onOpen: (id: string, photos: readonly Photo[]) => void;
  readonly onSearch: (word: string) => void;
}) {
  const { sources } = useLibraryState();
  const floor = useFloor();
  const tagged = useTagged(words, floor);
  const [text, setText] = useState('');
  const add = () => {
    const added = text.split(/[,\n]/).map((word) => word.trim());
    onWords([...new Set([...words, ...added])].filter(Boolean));
    setText('');
  };
  const nameOf = (id: string) => sources.find((source) => source.id === id)?.name ?? id;
  return (
    <section aria-labelledby="tags">
      <h2 id="tags">Tags</h2>
      <p className="note">
        Name what you look for, and see how many photos stand out for it. {!floor && 'There are too few photos yet.'}
      </p>
      <form
        className="add"
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <input
          aria-label="New tags"
          placeholder="dog, beach, birthday cake"
          value={text}
          onChange={({ currentTarget: { value } }) => setText(value)}
        />
        <button type="submit">Add</button>
        <button type="button" disabled={!tagged?.length} onClick={() => save('tags.csv', tagsCsv(tagged!, nameOf))}>
          Export CSV
        </button>
      </form>
      <ul className="lines">
        {words.map((word) => {
          const photos = tagged?.find((each) => each.word === word)?.photos.map(({ photo }) => photo);
          return (
            <li key={word}>
              <span>
                <strong>{word}</strong> {photos ? counted(photos.length, 'photo') : '…'}
              </span>
              <div className="few">
                {photos?.slice(0, 4).map((photo) => (
                  <button key={photo.id} type="button" title={photo.path} onClick={() => onOpen(photo.id, photos)}>
                    <Thumbnail id={photo.id} alt={photo.name} />
                  </button>
                ))}
              </div>
              <button type="button" aria-label={`Search ${word}`} onClick={() => onSearch(word)}>
                Search
              </button>
              <button
                type="button"
                aria-label={`Remove ${word}`}
                onClick={() => onWords(words.filter((each) => each !== word))}
              >
                Remove
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
