// A text and, beside it, how it will look: asked of the server a moment after the last key, one at a time. Without this there is a button.
const form = document.querySelector("form[data-preview]");
const source = form.querySelector("[data-source]");
const pane = form.querySelector("[data-preview-pane]");
const into = form.querySelector("[data-preview-html]");
let waiting = 0;
let asking = false;
let again = false;

async function show() {
  if (asking) {
    again = true;
    return;
  }
  asking = true;
  try {
    const response = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const told = await response.json();
    pane.hidden = false;
    if (told.html === undefined) into.textContent = told.error;
    else into.innerHTML = told.html;
    if (form.elements.checked) form.elements.checked.value = told.checked || "";
  } catch {
    // the connection is lost: the text is still in the box, and the button still checks it
  } finally {
    asking = false;
    if (again) {
      again = false;
      show();
    }
  }
}

source.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 500);
});
