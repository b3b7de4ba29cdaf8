import { emoji } from '@diptych/model-emoji';
import { open } from 'diptych';

const names = {
  '🍎': 'red apple',
  '🚲': 'bicycle',
  '🐈': 'cat',
  '🐕': 'dog',
  '🎸': 'guitar',
  '🍕': 'pizza',
  '🚀': 'rocket',
  '🌻': 'sunflower',
};
const input = document.querySelector('input')!;
const status = document.querySelector('[role=status]')!;

const opening = open(emoji).then(async (space) => ({ space, rows: await space.embed('text', Object.values(names)) }));

input.addEventListener('change', async () => {
  const { space, rows } = await opening;
  const cosines = space.similarity(await space.embed('text', input.value), rows);
  const best = cosines.indexOf(Math.max(...cosines));
  status.textContent = Object.keys(names)[best]!;
});
