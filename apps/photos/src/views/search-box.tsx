import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Query } from './use-search.ts';

/** Words, or a picture that is dropped or pasted here. */
export function SearchBox({
  query,
  input,
  onQuery,
}: {
  readonly query: Query;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly onQuery: (query: Query) => void;
}) {
  const [isOver, setOver] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const take = (files: FileList | null) => {
    const file = [...(files ?? [])].find(({ type }) => type.startsWith('image/'));
    if (file) onQuery({ text: '', like: { name: file.name || 'a pasted picture', picture: file } });
    return file !== undefined;
  };
  return (
    <form
      role="search"
      className={isOver ? 'search over' : 'search'}
      onSubmit={(event) => event.preventDefault()}
      onDragOver={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        take(event.dataTransfer.files);
      }}
      onPaste={(event) => {
        event.stopPropagation();
        if (take(event.clipboardData.files)) event.preventDefault();
      }}
    >
      {query.like && (
        <span className="chip">
          {typeof query.like.picture !== 'string' && <Picture blob={query.like.picture} />}
          like {query.like.name}
          <button type="button" aria-label="No picture" onClick={() => onQuery({ ...query, like: undefined })}>
            ×
          </button>
        </span>
      )}
      <input
        ref={input}
        type="search"
        aria-label="Search photos"
        placeholder={query.like ? 'and words …' : 'Words, or drop or paste a picture'}
        autoComplete="off"
        value={query.text}
        onChange={({ currentTarget: { value } }) => onQuery({ ...query, text: value })}
      />
      <button type="button" onClick={() => picker.current!.click()}>
        Picture …
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        accept="image/*"
        aria-label="Picture to search by"
        onChange={({ currentTarget }) => {
          take(currentTarget.files);
          currentTarget.value = '';
        }}
      />
    </form>
  );
}

function Picture({ blob }: { readonly blob: Blob }) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return address ? <img src={address} alt="" /> : null;
}
