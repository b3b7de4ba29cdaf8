import { embed } from '../../embed.js';

export const dynamic = 'force-dynamic';

export default async function Page() {
  return <p>{JSON.stringify(await embed('public/picture.png'))}</p>;
}
