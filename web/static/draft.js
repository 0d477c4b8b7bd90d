// A question half typed is there again after a reload, a change of language or a look into the course: kept in this tab alone, and gone with it.
export function startDraft(composer) {
  const box = composer.elements.question;
  const name = () => `draft ${location.pathname}`;
  const begun = name(); // the address changes with the first answer
  const editing = () => Boolean(composer.elements.replaces.value);

  if (!box.value && !editing()) box.value = read(begun);
  addEventListener("pagehide", keep);
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });

  function keep() {
    write(begun, "");
    write(name(), editing() ? "" : box.value);
  }
}

// A browser that keeps nothing at all says so with an exception; then the draft lasts as long as its page.
function read(name) {
  try {
    return sessionStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

function write(name, text) {
  try {
    if (text) sessionStorage.setItem(name, text);
    else sessionStorage.removeItem(name);
  } catch {
    // nothing is kept
  }
}
