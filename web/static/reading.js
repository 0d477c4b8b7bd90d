// A unit's page remembers the section that is being read, so that the contents can lead back to it; and bookmarks are set in place.
const SETTLED_MS = 1000;

export function startReading() {
  const form = document.querySelector("[data-reading]");
  if (!form) return;
  const headings = [...document.querySelectorAll(".course-text :is(h2, h3)[id]:not([id^=ui_])")];
  const token = form.elements.token.value;
  let timer = 0;
  let told = "";

  addEventListener("scroll", () => {
    clearTimeout(timer);
    timer = setTimeout(tell, SETTLED_MS);
  }, { passive: true });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") tell(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    mark(event.submitter).catch(() => submit(event.submitter));
  });

  function tell() {
    clearTimeout(timer);
    const reached = headings.findLast((one) => one.getBoundingClientRect().top < innerHeight / 2);
    if (!reached || reached.id === told) return;
    told = reached.id;
    const body = new URLSearchParams({ token, section: `${form.dataset.unit}#${reached.id}` });
    fetch(form.dataset.reading, { method: "POST", body, keepalive: true }).catch(() => { told = ""; });
  }

  // The way without this script: the page that comes back says what is wrong.
  function submit({ name, value }) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    form.submit();
  }

  // The server answers with the unit's page; the button is taken from it, so its words are the server's.
  async function mark(button) {
    const body = new URLSearchParams({ token, [button.name]: button.value });
    const response = await fetch(form.action, { method: "POST", body });
    if (!response.ok) throw new Error(response.statusText);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = page.querySelector(`.mark-here[value="${CSS.escape(button.value)}"]`);
    const focused = document.activeElement === button;
    button.replaceWith(fresh);
    if (focused) fresh.focus();
  }
}
