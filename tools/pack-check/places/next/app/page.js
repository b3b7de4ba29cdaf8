'use client';
import { useEffect } from 'react';
import { embed } from '../embed.js';

export default function Page() {
  useEffect(() => {
    globalThis.embedded = embed('/picture.png').catch((error) => ({ error: String(error) }));
  }, []);
  return <p>red apple</p>;
}
