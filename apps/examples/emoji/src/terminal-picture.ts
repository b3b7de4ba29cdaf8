import sharp from 'sharp';

/** A picture as text of `columns` columns: two pixels a character, in 24-bit colour. */
export async function terminalPicture(svg: string, columns: number): Promise<string> {
  const { data } = await sharp(Buffer.from(svg)).resize(columns, columns).ensureAlpha().raw().toBuffer({
    resolveWithObject: true,
  });
  const cell = (x: number, y: number) => {
    const at = (y * columns + x) * 4;
    return data[at + 3]! < 128 ? undefined : [data[at], data[at + 1], data[at + 2]].join(';');
  };
  const rows = Array.from({ length: columns / 2 }, (_, row) =>
    Array.from({ length: columns }, (__, x) => halves(cell(x, 2 * row), cell(x, 2 * row + 1))).join(''),
  );
  return rows.join('\n');
}

/** Two pixels, one above the other; absent ones show the terminal. */
function halves(upper: string | undefined, lower: string | undefined): string {
  if (upper && lower) return `\u001b[38;2;${upper};48;2;${lower}m▀\u001b[0m`;
  if (upper) return `\u001b[38;2;${upper}m▀\u001b[0m`;
  return lower ? `\u001b[38;2;${lower}m▄\u001b[0m` : ' ';
}
