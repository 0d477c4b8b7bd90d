// A text and, beside it, how it will look: asked of the server a moment after the last key. Without this there is a button.
const form = document.querySelector("form[data-preview]");
const source = form.querySelector("[data-source]");
const pane = form.querySelector("[data-preview-pane]");
const into = form.querySelector("[data-preview-html]");
let waiting = 0;
let asked = 0;

async function show() {
  const mine = ++asked;
  const response = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
  const told = await response.json();
  if (mine !== asked) return;
  pane.hidden = false;
  if (told.html !== undefined) into.innerHTML = told.html;
  else into.textContent = told.error;
}

source.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => show().catch(() => {}), 400);
});
