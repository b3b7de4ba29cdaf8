import { embed } from '../../embed.js';

export const prerender = false;

export async function GET() {
  return Response.json(await embed('picture.png'));
}
