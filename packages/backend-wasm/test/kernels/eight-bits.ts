/**
 * Whether `relaxed_dot_i8x16_i7x16_add_s` of this machine takes all eight bits of its second factor as a number from 0 to
 * 255. The standard promises seven.
 */
export function multipliesEightBits(): boolean {
  const { dot } = new WebAssembly.Instance(new WebAssembly.Module(relaxedDot)).exports as {
    dot: (a: number, b: number) => number;
  };
  return dot(127, 200) === 4 * 127 * 200 && dot(-127, 200) === -4 * 127 * 200;
}

// (func (export "dot") (param i32 i32) (result i32), both of them splat, the first of the four sums
const relaxedDot = Uint8Array.from(
  [
    [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic, version
    [0x01, 0x07, 0x01, 0x60, 0x02, 0x7f, 0x7f, 0x01, 0x7f], // type (i32, i32) -> i32
    [0x03, 0x02, 0x01, 0x00], // one function of that type
    [0x07, 0x07, 0x01, 0x03, 0x64, 0x6f, 0x74, 0x00, 0x00], // exported as dot
    [0x0a, 0x16, 0x01, 0x14, 0x00], // its body
    [0x20, 0x00, 0xfd, 0x0f, 0x20, 0x01, 0xfd, 0x0f], // local.get, i8x16.splat
    [0x41, 0x00, 0xfd, 0x11, 0xfd, 0x93, 0x02, 0xfd, 0x1b, 0x00, 0x0b], // onto zeros, i32x4.extract_lane 0
  ].flat(),
);
