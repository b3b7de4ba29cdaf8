declare module 'virtual:pictures' {
  const pictures: readonly import('./pictures.ts').Picture[];
  export default pictures;
}
