import { useEffect, useState } from 'react';
import type { Library } from '../library/library.ts';
import { useLibrary } from './use-library.ts';

/** Addresses of thumbnails, those used last at the end. */
const addresses = new Map<string, string>();

/** More than a screen shows, and few megabytes. */
const maxAddresses = 1000;

/** A small picture of a photo, as it is kept in the browser. */
export function Thumbnail({ id, alt }: { readonly id: string; readonly alt: string }) {
  const library = useLibrary();
  const [address, setAddress] = useState(addresses.get(id));
  useEffect(() => {
    let isShown = true;
    void addressOf(library, id).then((made) => isShown && setAddress(made));
    return () => {
      isShown = false;
    };
  }, [library, id]);
  return address ? (
    <img className="thumbnail" src={address} alt={alt} draggable={false} />
  ) : (
    <span className="thumbnail" role="img" aria-label={alt || 'Photo'} />
  );
}

/** An address of the thumbnail, for as long as it is used. */
async function addressOf(library: Library, id: string): Promise<string | undefined> {
  const known = addresses.get(id);
  const blob = known ? undefined : await library.thumbnail(id);
  const address = known ?? addresses.get(id) ?? (blob && URL.createObjectURL(blob));
  if (!address) return undefined;
  addresses.delete(id);
  addresses.set(id, address);
  const [oldest, old] = addresses.entries().next().value!;
  if (addresses.size > maxAddresses) {
    addresses.delete(oldest);
    URL.revokeObjectURL(old);
  }
  return address;
}
