/** A log as version 1 wrote it: a and b, b and c, without a, d; float32 of 4, and their field n. */
export const version1 = Buffer.from(
  [
    'aAAAAAAAAAC5Spx2eyJmb3JtYXQiOiJkaXB0eWNoLXN0b3JlIiwidmVyc2lvbiI6MSwibW9kZWwiOiJtIiwiZGltIjo0LCJwcmVj',
    'aXNpb24iOiJmbG9hdDMyIiwiZmllbGRzIjp7Im4iOiJudW1iZXIifX0pAAAAIAAAADH6YXJ7ImlkcyI6WyJhIiwiYiJdLCJtZXRh',
    'ZGF0YSI6W3sibiI6MX0se31dfQAAgD8AAABAAABAQAAAgEAAAKBAAADAQAAA4EAAAABBLgAAACAAAACUl235eyJpZHMiOlsiYiIs',
    'ImMiXSwibWV0YWRhdGEiOlt7Im4iOjJ9LHsibiI6M31dfQAAyEIAAMpCAADMQgAAzkIAANBCAADSQgAA1EIAANZCEQAAAAAAAABJ',
    'xYrneyJkZWxldGVkIjpbImEiXX0iAAAAEAAAAH8rEgl7ImlkcyI6WyJkIl0sIm1ldGFkYXRhIjpbeyJuIjo0fV19AABIQwAASUMA',
    'AEpDAABLQw==',
  ].join(''),
  'base64',
);
