const whole = new Intl.NumberFormat('en-GB');

/** `1 photo`, `20,000 photos`. */
export function counted(count: number, thing: string): string {
  return `${whole.format(count)} ${thing}${count === 1 ? '' : 's'}`;
}

export function bytesText(bytes: number): string {
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : bytes < 1e9 ? [bytes / 1e6, 'MB'] : [bytes / 1e9, 'GB'];
  return `${size < 10 ? size.toFixed(1) : whole.format(Math.round(size))} ${unit}`;
}

/** Seconds that are left, no more exact than they are known. */
export function timeText(seconds: number): string {
  if (seconds < 10) return 'a few seconds left';
  if (seconds < 90) return `${Math.round(seconds / 10) * 10} seconds left`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} minutes left`;
  return `${Math.round(seconds / 360) / 10} hours left`;
}
