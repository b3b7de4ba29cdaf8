/** Whether `path` names a file below its folder on every platform: plain segments between `/`, none of them `..`. */
export function isRelativePath(path: string): boolean {
  return !/[\\:\0]/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
