/** Multiplications of a piece: some ten milliseconds. */
export const piece: number = 2 ** 23;

/** Whether a piece is full with so many more. */
export function pieces(): (multiplications: number) => boolean {
  let done = 0;
  return (multiplications) => {
    done += multiplications;
    if (done < piece) return false;
    done = 0;
    return true;
  };
}
