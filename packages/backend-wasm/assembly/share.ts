/** Where part `i` of `parts` about equal ones of `size` things begins. */
// @ts-ignore: decorator
@inline export function share(i: i32, parts: i32, size: i32): i32 {
  return <i32>((<i64>i * size) / parts);
}
