/** Multiplications, or what takes as long, of a piece of `Steps`: some ten milliseconds. */
export const pieceSize: number = 2 ** 23;

/** Tells, for so many more of them, whether the piece is full, which is when `Steps` pause. */
export function pieces(): (multiplications: number) => boolean {
  let done = 0;
  return (multiplications) => {
    done += multiplications;
    if (done < pieceSize) return false;
    done = 0;
    return true;
  };
}
