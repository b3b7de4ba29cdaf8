import { json } from '@sveltejs/kit';
import { embed } from '../../../embed.js';

export async function GET() {
  return json(await embed('picture.png'));
}
