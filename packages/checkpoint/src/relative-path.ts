/** As many as Linux takes. */
const maxLetters = 4096;

/** Whether `path` names a file below its folder on every platform: plain segments between `/`, none of them `..`. */
export function isRelativePath(path: string): boolean {
  return (
    path.length <= maxLetters &&
    !/[\\:\0]/.test(path) &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}
