// The card of a citation or a term: the sentence among its neighbours, or what the term means, on hover, focus or tap.
const DELAY_MS = 120;

export function startCards(pane) {
  const card = document.querySelector("[data-card]");
  const label = card.getAttribute("aria-label");
  let marker = null;
  let timer = 0;
  let touched = false;
  let pointer = { x: -1, y: -1 };

  document.addEventListener("pointerdown", (event) => { touched = event.pointerType === "touch"; });
  document.addEventListener("keydown", () => { touched = false; }, { capture: true });
  document.addEventListener("mouseover", (event) => {
    const over = event.target.closest?.(".cite, .term, [data-card]");
    clearTimeout(timer);
    if (over === card || touched) return;
    const moved = event.clientX !== pointer.x || event.clientY !== pointer.y; // not the page beneath a pointer that is still
    if (over && moved) timer = setTimeout(open, DELAY_MS, over);
    else if (marker && over !== marker) timer = setTimeout(close, 2 * DELAY_MS);
  });
  document.addEventListener("mousemove", (event) => { pointer = { x: event.clientX, y: event.clientY }; }, { passive: true });
  document.addEventListener("focusin", (event) => {
    const cite = event.target.closest(".cite, .term");
    if (cite && cite.matches(":focus-visible")) open(cite);
    else if (!card.contains(event.target)) close();
  });
  document.addEventListener("click", (event) => {
    const cite = event.target.closest(".cite, .term");
    const term = cite?.matches(".term");
    if (cite && (term || (touched && marker !== cite))) {
      event.preventDefault();
      open(cite);
      return;
    }
    const link = event.target.closest("[data-card] a");
    const from = marker;
    if (cite || link || !card.contains(event.target)) close();
    if (link && from) pane.open(event, link, from);
  }, { capture: true });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || card.hidden) return;
    event.preventDefault();
    if (card.contains(document.activeElement)) marker.focus();
    close();
  }, { capture: true });
  document.addEventListener("scroll", follow, { capture: true, passive: true });
  addEventListener("resize", close);

  function open(cite) {
    const source = document.getElementById(cite.dataset.source);
    if (!source || marker === cite) return;
    marker = cite;
    card.replaceChildren(...[...source.children].map((child) => child.cloneNode(true)));
    card.setAttribute("aria-label", cite.dataset.label ?? label);
    card.hidden = false;
    place(cite.getBoundingClientRect());
    const quote = card.querySelector("strong"); // on a small screen the card is shorter than what it holds
    card.scrollTop = quote && card.scrollHeight > card.clientHeight ? quote.offsetTop - card.clientTop - 16 : 0;
  }

  function place(at) {
    const { width, height } = card.getBoundingClientRect();
    const left = Math.min(Math.max(at.left - width / 3, 8), innerWidth - width - 8);
    const below = at.bottom + 8;
    const top = below + height < innerHeight ? below : Math.max(at.top - height - 8, 8);
    card.style.left = `${left}px`;
    card.style.top = `${top}px`;
  }

  function follow(event) {
    if (!marker || card.contains(event.target)) return;
    const at = marker.getBoundingClientRect();
    if (at.bottom < 0 || at.top > innerHeight) close();
    else place(at);
  }

  function close() {
    clearTimeout(timer);
    marker = null;
    card.hidden = true;
  }
}
