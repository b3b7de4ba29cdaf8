import { credit } from '../samples.ts';
import { AddPhotos } from './add-photos.tsx';

/** What a visitor sees before there are photos. */
export function Welcome() {
  return (
    <section className="welcome">
      <h2>Search your photos by words</h2>
      <p>
        Drop a folder anywhere on this page. Its photos are read here, in this browser: none is uploaded, and the page
        works without a network.
      </p>
      <AddPhotos isFirst />
      <p className="credit">Samples: {credit}</p>
    </section>
  );
}
