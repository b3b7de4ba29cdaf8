/** A page to try the server: a text, an image, labels; with the line for a terminal. */
export function page(models: readonly string[]): string {
  const options = models.map((name) => `<option>${escaped(name)}</option>`).join('');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>diptych server</title>
<link rel="icon" href="data:,">
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; }
  *, ::before { box-sizing: border-box; }
  h1 { font-size: 1.5rem; margin-bottom: 0; }
  form { display: grid; grid-template-columns: minmax(0, 1fr); gap: .75rem; margin-block: 1.5rem; }
  label { display: grid; grid-template-columns: minmax(0, 1fr); gap: .25rem; font-weight: 600; }
  input, select, button { font: inherit; padding: .5rem; border: 1px solid light-dark(#999, #777); border-radius: .4rem; }
  input[type=file] { border-style: dashed; }
  :root { background: light-dark(#fff, #121212); color: light-dark(#1f1f1f, #f1f3f4); }
  a { color: light-dark(#0b57d0, #a8c7fa); }
  button { background: light-dark(#0b57d0, #a8c7fa); color: light-dark(#fff, #062e6f); border: 0; font-weight: 600; }
  pre { background: light-dark(#f1f3f4, #202124); padding: 1rem; border-radius: .4rem; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
  meter { width: 100%; }
</style>
<main>
<h1>diptych server</h1>
<p>Texts and images in one vector space. <a href="/openapi.json">OpenAPI</a> · <a href="/v1/models">models</a></p>
<form>
  <label>Model <select name="model">${options}</select></label>
  <label>API key, if one is needed <input name="key" type="password" autocomplete="off"></label>
  <label>Text <input name="text" value="a red apple"></label>
  <label>Image <input name="image" type="file" accept="image/*"></label>
  <label>Labels, with commas between them <input name="labels" value="apple, dog, car"></label>
  <button>Try it</button>
</form>
<div role="status"></div>
<pre hidden></pre>
</main>
<script>
const form = document.querySelector('form');
const status = document.querySelector('[role=status]');
const line = document.querySelector('pre');
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { model, key, text, image, labels } = Object.fromEntries(new FormData(form));
  status.textContent = 'Asking …';
  const names = labels.split(',').map((label) => label.trim()).filter(Boolean);
  const data = image.size > 0 ? await new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsDataURL(image);
  }) : undefined;
  const one = data ? { image: data } : { text };
  const asked = names.length > 0 ? ['/classify', { model, input: [one], labels: names }] : ['/v1/embeddings', { model, input: [one] }];
  const headers = { 'Content-Type': 'application/json', ...(key && { Authorization: 'Bearer ' + key }) };
  try {
    const answer = await fetch(asked[0], { method: 'POST', headers, body: JSON.stringify(asked[1]) });
    const body = await answer.json();
    status.replaceChildren();
    if (!answer.ok) status.textContent = answer.status + ': ' + body.error.message;
    else if (names.length > 0) {
      for (const { label, score } of body.data[0]) {
        const row = document.createElement('label');
        const meter = document.createElement('meter');
        meter.value = score;
        row.append(label + ' ' + (100 * score).toFixed(1) + ' %', meter);
        status.append(row);
      }
    } else status.textContent = body.data[0].embedding.length + ' numbers: ' + body.data[0].embedding.slice(0, 6).map((v) => v.toFixed(4)).join(', ') + ' …';
  } catch (error) {
    status.textContent = String(error);
  }
  const shown = JSON.stringify(asked[1]).replace(/(base64,.{20})[^"]+/, '$1…').replaceAll("'", "'\\\\''");
  line.textContent = "curl " + location.origin + asked[0] + (key ? " -H 'Authorization: Bearer …'" : '') + " -H 'Content-Type: application/json' -d '" + shown + "'";
  line.hidden = false;
});
</script>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
