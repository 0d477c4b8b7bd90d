// Small comforts of every page: colours that change in place, a glossary that is filtered as one types, answers that print whole.
export function startReader() {
  const filter = document.querySelector("[data-filter]");
  let latest = null;
  filter?.addEventListener("input", async () => {
    latest?.abort();
    latest = new AbortController();
    const fields = new URLSearchParams(new FormData(filter.form));
    fields.set("view", "entries");
    try {
      const response = await fetch(`${filter.form.action}?${fields}`, { signal: latest.signal });
      if (!response.ok) return;
      const entries = document.querySelector("[data-entries]");
      entries.innerHTML = await response.text();
      document.querySelector("[data-announcer]").textContent = entries.querySelector("[data-said]:not([hidden])")?.textContent ?? "";
    } catch (error) {
      if (error.name !== "AbortError") filter.form.requestSubmit();
    }
  });

  if (matchMedia("(max-width: 62rem)").matches) {
    for (const one of document.querySelectorAll("[data-toc]")) one.open = false;
  }

  document.querySelector(".preferences").addEventListener("submit", (event) => {
    if (event.submitter?.name !== "theme") {
      event.target.elements.next.value = location.pathname + location.search + location.hash;
      return;
    }
    event.preventDefault();
    const { value } = event.submitter;
    if (value === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = value;
    for (const button of event.target.querySelectorAll("[name=theme]")) {
      button.setAttribute("aria-pressed", String(button === event.submitter));
    }
    const fields = new URLSearchParams(new FormData(event.target));
    fields.set("theme", value);
    fetch(event.target.action, { method: "POST", body: fields, redirect: "manual", keepalive: true });
  });

  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:is(.sources, .check-question, .goals):not([open])")];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => { for (const one of opened) one.open = false; });
}
