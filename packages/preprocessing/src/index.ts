export * from './image.ts';
export * from './text.ts';
