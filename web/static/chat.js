// Questions are sent in the background and their answers set in place sentence by sentence, as the server wrote them.
import { eventsOf } from "./events.js";

const find = (name, within = document) => within.querySelector(`[data-${name}]`);

export function startChat(pane) {
  const thread = find("thread");
  const composer = find("composer");
  const box = composer.elements.question;
  let busy = null;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.stream) return;
    event.preventDefault();
    if (!busy) ask(form, event.submitter);
  });
  box.addEventListener("keydown", (event) => {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    composer.requestSubmit();
  });
  box.addEventListener("input", fit);
  find("scope-clear").addEventListener("click", (event) => {
    event.preventDefault();
    scope("", "");
  });
  pane.onAskHere = (section, title) => {
    scope(section, title);
    box.focus();
  };
  addEventListener("pagehide", () => busy?.abort());
  fit();

  async function ask(form, button) {
    const fields = new URLSearchParams(new FormData(form));
    if (button?.name) fields.set(button.name, button.value);
    fields.set("conversation", thread.dataset.conversation);
    if (form === composer || form.closest("[data-guard]")) {
      box.value = "";
      fit();
    }
    busy = new AbortController();
    problem("");
    find("guard").replaceChildren();
    find("pending").hidden = false;
    composer.setAttribute("aria-busy", "true");
    try {
      const response = await fetch(form.dataset.stream, {
        method: "POST",
        body: fields,
        headers: { Accept: "text/event-stream, application/json" },
        signal: busy.signal,
      });
      if (!response.ok) throw new Refused(await response.json());
      if (!(await show(response))) throw new Error("cut short");
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!box.value) box.value = fields.get("question");
      fit();
      if (error.html) heldBack(error.html);
      else problem(error instanceof Refused ? error.message : find("lost").content.textContent);
    } finally {
      busy = null;
      find("pending").hidden = true;
      composer.removeAttribute("aria-busy");
    }
  }

  async function show(response) {
    let turn = null;
    let into = null;
    for await (const { name, data } of eventsOf(response)) {
      if (name === "understood") {
        if (find("welcome")) {
          find("welcome").remove();
          find("title").textContent = data.asked;
          find("head").hidden = false;
        }
        find("starters")?.remove();
        find("onward", thread)?.remove();
        thread.insertAdjacentHTML("beforeend", data.html);
        turn = thread.lastElementChild;
        turn.classList.add("arriving");
        find("pending").hidden = true;
        turn.scrollIntoView({ block: "start" });
      } else if (name === "state") {
        slot(turn, "state").innerHTML = data.html;
      } else if (name === "sentence") {
        const said = slot(turn, "sentences");
        if (data.opens) {
          said.insertAdjacentHTML("beforeend", data.opens);
          into = said.querySelector(":scope > :last-child");
          into = into.matches("[data-into]") ? into : into.querySelector("[data-into]");
        }
        into.insertAdjacentHTML("beforeend", `${data.html} `);
      } else if (name === "nearest") {
        slot(turn, "tail").innerHTML = data.html;
      } else if (name === "done") {
        thread.dataset.conversation = data.conversation ?? "";
        composer.elements.conversation.value = data.conversation ?? "";
        if (data.url) history.replaceState(null, "", data.url + about());
        turn.classList.remove("arriving");
        find("announcer").textContent = "";
        requestAnimationFrame(() => { find("announcer").textContent = data.announcement; });
        return true;
      }
    }
    return false;
  }

  // What may identify a patient was noticed: the panel says what, and its forms ask with it or without.
  function heldBack(html) {
    find("guard").innerHTML = html;
    find("guard").querySelector("h2").focus({ preventScroll: true });
    find("guard").scrollIntoView({ block: "start" });
  }

  // The scope stands in the address as well, so that a reload keeps it and lifting it lifts it for good.
  function about() {
    const section = composer.elements.section.value;
    return section && `?section=${encodeURIComponent(section)}`;
  }

  function scope(section, title) {
    composer.elements.section.value = section;
    history.replaceState(null, "", location.pathname + about());
    find("scope").hidden = !section;
    find("where")?.toggleAttribute("hidden", Boolean(section));
    if (section) find("starters")?.remove();
    find("scope-title").textContent = title;
  }

  function problem(sentence) {
    find("problem").textContent = sentence;
    find("problem").hidden = !sentence;
    box.toggleAttribute("aria-invalid", Boolean(sentence));
  }

  function fit() {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight}px`;
  }
}

class Refused extends Error {
  constructor(body) {
    super(body.error);
    this.html = body.html;
  }
}

function slot(turn, name) {
  return turn.querySelector(`[data-slot="${name}"]`);
}
