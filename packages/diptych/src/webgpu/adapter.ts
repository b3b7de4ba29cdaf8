/** A graphics card, or a program in the place of one. */
export interface Adapter {
  /** As `apple metal-3`. */
  readonly name: string;
  /** Whether it is a program. */
  readonly isSoftware: boolean;
}

/** What this page or worker computes on, as TensorFlow.js asks for it; undefined where there is none. */
export async function findAdapter(): Promise<Adapter | undefined> {
  const { gpu } = (globalThis.navigator ?? {}) as Partial<Navigator>;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return undefined;
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const name = [vendor, architecture || description].filter((part) => part !== '').join(' ');
  return { name: name || 'unnamed', isSoftware: isFallbackAdapter };
}
