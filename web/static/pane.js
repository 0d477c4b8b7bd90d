// The course beside the chat: a link into the course opens here where the screen is wide, and stays an ordinary link where it is not.
const WIDE = matchMedia("(min-width: 62rem)");

export function startPane() {
  const pane = document.querySelector("[data-pane]");
  const text = pane.querySelector("[data-pane-text]");
  const desk = document.querySelector("[data-desk]");
  const self = { open, close, isOpen: () => !pane.hidden, onAskHere: () => {} };
  let from = null;
  let shown = "";

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (text.contains(link)) {
      followInside(event, link);
    } else if (link.closest(".turn, [data-card]") && isUnit(link)) {
      open(event, link, link);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || pane.hidden) return;
    event.preventDefault();
    close();
  });
  pane.querySelector("[data-pane-close]").addEventListener("click", close);
  return self;

  // Opens a unit at a sentence; `back` is where Esc returns the focus to. False where the link should be followed as it is.
  function open(event, link, back) {
    if (!WIDE.matches) return false;
    event.preventDefault();
    from = text.contains(back) ? from : back;
    load(new URL(link.href)).catch(() => location.assign(link.href));
    return true;
  }

  async function load(url) {
    if (shown !== url.pathname) {
      const response = await fetch(`${url.pathname}?view=pane`);
      if (!response.ok) throw new Error(response.statusText);
      text.innerHTML = await response.text();
      shown = url.pathname;
    }
    pane.hidden = false;
    desk.classList.add("with-pane");
    pane.querySelector("[data-pane-page]").href = url.href;
    show(decodeURIComponent(url.hash.slice(1)));
  }

  function show(fragment) {
    for (const old of text.querySelectorAll(".quoted")) old.classList.remove("quoted");
    const target = fragment && text.querySelector(`[id="${CSS.escape(fragment)}"]`);
    if (!target) {
      text.scrollTop = 0;
      text.focus({ preventScroll: true });
      return;
    }
    for (let parent = target.closest("details"); parent; parent = parent.parentElement.closest("details")) parent.open = true;
    target.classList.add("quoted");
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "center" });
  }

  function followInside(event, link) {
    if (link.dataset.section) {
      event.preventDefault();
      self.onAskHere(link.dataset.section, link.closest(".headed").firstElementChild.textContent);
    } else if (isUnit(link)) {
      open(event, link, link);
    }
  }

  function close() {
    pane.hidden = true;
    desk.classList.remove("with-pane");
    from?.focus();
  }
}

function isUnit(link) {
  const url = new URL(link.href);
  return url.origin === location.origin && /^\/course\/./.test(url.pathname) && !url.pathname.endsWith(".svg");
}
