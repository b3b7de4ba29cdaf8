declare module 'virtual:pictures' {
  const pictures: readonly { readonly name: string; readonly svg: string }[];
  export default pictures;
}
