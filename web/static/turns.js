// Turns as wholes: put in place or put anew, addressed, edited, stopped; and the list of conversations kept up with them.
const find = (name, within = document) => within.querySelector(`[data-${name}]`);

export function startTurns(composer, fit) {
  const box = composer.elements.question;
  const list = find("recent");

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const copied = event.target.closest("[data-copy]");
    const edited = event.target.closest("[data-edit]");
    if (copied && copy(copied.href)) {
      event.preventDefault();
      tell(copied);
    } else if (edited) {
      event.preventDefault();
      box.value = edited.closest(".turn").querySelector(".asked").textContent;
      fit();
      edit(edited.dataset.edit);
      box.focus();
    }
  });
  find("editing-clear").addEventListener("click", (event) => {
    event.preventDefault();
    box.value = "";
    fit();
    edit("");
    box.focus();
  });
  addEventListener("hashchange", arrive);
  if (composer.elements.replaces.value) edit(composer.elements.replaces.value);
  else arrive();
  return { place, edit, keep, stopped };

  // A turn that is on the page already, edited or tried again, is put anew in its place.
  function place(thread, html) {
    thread.insertAdjacentHTML("beforeend", html);
    const turn = thread.lastElementChild;
    for (const old of thread.querySelectorAll(`[id="${turn.id}"]`)) if (old !== turn) old.remove();
    turn.classList.add("arriving");
    return turn;
  }

  function edit(number) {
    composer.elements.replaces.value = number;
    find("editing").hidden = !number;
    for (const turn of document.querySelectorAll(".turn")) turn.classList.toggle("edited", turn.dataset.turn === number);
  }

  function keep(url, conversation) {
    for (const link of document.querySelectorAll("[data-keep-as]")) link.href = url + link.dataset.keepAs;
    find("keep").hidden = false;
    find("editing-clear").href = url;
    fetch(`${list.dataset.recent}&current=${encodeURIComponent(conversation)}`)
      .then((response) => (response.ok ? response.text() : null))
      .then((html) => { if (html !== null) list.innerHTML = html.trim(); })
      .catch(() => {});
  }

  function stopped(turn, url) {
    const note = find("stopped").content.cloneNode(true);
    const link = note.querySelector("a");
    link.href = `${url}#${turn.id}`;
    link.addEventListener("click", (event) => {
      event.preventDefault();
      history.replaceState(null, "", link.href);
      location.reload();
    });
    turn.querySelector(".answer").append(note);
  }

  function arrive() {
    const turn = location.hash.startsWith("#turn-") && document.getElementById(location.hash.slice(1));
    if (!turn) return;
    turn.tabIndex = -1;
    turn.focus({ preventScroll: true });
    turn.scrollIntoView({ block: "start" });
  }
}

// The clipboard's own interface is kept from pages without https, which is how a lab serves them; the older way works on both.
function copy(text) {
  const held = document.createElement("textarea");
  held.value = text;
  held.className = "unseen";
  document.body.append(held);
  const from = document.activeElement;
  held.select();
  const done = document.execCommand("copy");
  held.remove();
  from?.focus({ preventScroll: true });
  return done;
}

function tell(link) {
  const words = link.textContent;
  if (link.dataset.words) return;
  link.dataset.words = words;
  link.textContent = link.dataset.done;
  find("announcer").textContent = link.dataset.done;
  setTimeout(() => {
    link.textContent = words;
    delete link.dataset.words;
  }, 3000);
}
