/**
 * Bytes between the row that is multiplied and the memory that is read for nothing, a line of 64 bytes at a time, so that it is there
 * in time: the processor's own prefetching stops at each page. Behind the rows there must be as much.
 */
export const AHEAD: usize = 8192;
