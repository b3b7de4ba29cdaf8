/** What long refusals say, loaded with the first of them. */
export async function loadRefusals(): Promise<typeof import('./refusals.ts')> {
  return import('./refusals.ts');
}
