import { embed } from '../../embed.js';

export const dynamic = 'force-dynamic';

export async function GET() {
  return Response.json(await embed('public/picture.png'));
}
