// Questions are sent in the background and their answers set in place sentence by sentence, as the server wrote them.
import { startDraft } from "./draft.js";
import { eventsOf } from "./events.js";
import { startTurns } from "./turns.js";

const find = (name, within = document) => within.querySelector(`[data-${name}]`);

export function startChat(pane) {
  const thread = find("thread");
  const composer = find("composer");
  const box = composer.elements.question;
  const turns = startTurns(composer, fit);
  let busy = null;
  let last = null; // the sending that failed, word for word, so that trying again is the same attempt

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.stream) return;
    event.preventDefault();
    if (!busy) send(form.dataset.stream, fieldsOf(form, event.submitter), Boolean(form.closest("[data-guard]")));
  });
  box.addEventListener("keydown", (event) => {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing || matchMedia("(pointer: coarse)").matches) return;
    event.preventDefault();
    composer.requestSubmit();
  });
  box.addEventListener("input", fit);
  find("stop").addEventListener("click", () => busy?.abort("stop"));
  find("retry").addEventListener("click", () => { if (last && !busy) send(last.address, last.fields); });
  find("scope-clear").addEventListener("click", (event) => {
    event.preventDefault();
    scope("", "");
  });
  composer.elements.module?.addEventListener("change", () => history.replaceState(null, "", location.pathname + about()));
  pane.onAskHere = (section, title) => {
    scope(section, title);
    box.focus();
  };
  addEventListener("pagehide", () => busy?.abort("left"));
  startDraft(composer);
  fit();

  function fieldsOf(form, button) {
    const fields = new URLSearchParams(new FormData(form));
    if (button?.name) fields.set(button.name, button.value);
    fields.set("conversation", thread.dataset.conversation);
    const same = last && ["question", "module", "section", "literal", "replaces"].every((name) => (last.fields.get(name) ?? "") === (fields.get(name) ?? ""));
    fields.set("attempt", same ? last.fields.get("attempt") : fresh());
    return fields;
  }

  async function send(address, fields, guarded = false) {
    if (box.value === fields.get("question") || guarded) {
      box.value = "";
      fit();
    }
    busy = new AbortController();
    const { signal } = busy;
    last = { address, fields };
    problem("");
    find("guard").replaceChildren();
    working(true);
    const seen = { turn: null, url: "" };
    try {
      const response = await fetch(address, {
        method: "POST",
        body: fields,
        headers: { Accept: "text/event-stream, application/json" },
        signal,
      });
      if (!response.ok) throw new Refused(await response.json());
      if (!(await show(response, seen))) throw new Error("cut short");
      last = null;
    } catch (error) {
      if (signal.reason === "left") return;
      seen.turn?.classList.remove("arriving");
      if (signal.aborted && seen.turn) {
        turns.stopped(seen.turn, seen.url);
        last = null;
        return;
      }
      if (!box.value) box.value = fields.get("question");
      fit();
      if (signal.aborted) return;
      if (error.html) {
        heldBack(error.html);
        return;
      }
      problem(error instanceof Refused ? error.message : find("lost").content.textContent);
      find("again").hidden = false;
    } finally {
      busy = null;
      working(false);
      if (signal.reason === "stop") box.focus();
    }
  }

  async function show(response, seen) {
    let turn = null;
    let into = null;
    for await (const { name, data } of eventsOf(response)) {
      if (name === "understood") {
        if (find("welcome")) {
          find("welcome").remove();
          find("title").textContent = data.asked;
          find("title").hidden = false;
        }
        find("starters")?.remove();
        find("onward", thread)?.remove();
        turn = turns.place(thread, data.html);
        turns.edit("");
        Object.assign(seen, { turn, url: data.url });
        kept(data);
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
        turn.classList.remove("arriving");
        find("announcer").textContent = "";
        requestAnimationFrame(() => { find("announcer").textContent = data.announcement; });
        return true;
      } else if (name === "problem") {
        throw new Refused(data);
      }
    }
    return false;
  }

  // From the first event on the conversation has its address: a reload in the middle of an answer shows it whole.
  function kept({ conversation, url }) {
    thread.dataset.conversation = conversation ?? "";
    composer.elements.conversation.value = conversation ?? "";
    if (!url) return;
    history.replaceState(null, "", url + about());
    turns.keep(url, conversation);
  }

  function working(on) {
    find("pending").hidden = !on;
    find("send").hidden = on;
    find("stop").hidden = !on;
    if (on) composer.setAttribute("aria-busy", "true");
    else composer.removeAttribute("aria-busy");
  }

  // What may identify a patient was noticed: the panel says what, and its forms ask with it or without.
  function heldBack(html) {
    find("guard").innerHTML = html;
    find("guard").querySelector("h2").focus({ preventScroll: true });
    find("guard").scrollIntoView({ block: "start" });
  }

  // The scope stands in the address as well, so that a reload keeps it and lifting it lifts it for good.
  function about() {
    const { section, module } = composer.elements;
    if (section.value) return `?section=${encodeURIComponent(section.value)}`;
    return module?.value ? `?module=${encodeURIComponent(module.value)}` : "";
  }

  function scope(section, title) {
    composer.elements.section.value = section;
    history.replaceState(null, "", location.pathname + about());
    find("scope").hidden = !section;
    find("choose")?.toggleAttribute("hidden", Boolean(section));
    find("where").hidden = Boolean(section) || !find("choose")?.value;
    if (section) find("starters")?.remove();
    find("scope-title").textContent = title;
  }

  function problem(sentence) {
    find("problem").textContent = sentence;
    find("problem").hidden = !sentence;
    find("again").hidden = true;
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

// Not randomUUID, which browsers keep from pages that a lab serves without https.
function fresh() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function slot(turn, name) {
  return turn.querySelector(`[data-slot="${name}"]`);
}
