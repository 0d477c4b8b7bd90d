// Feedback and notes to the tutors, sent in the background; the server writes the part of the turn that has changed.
export function startRemarks() {
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!("inplace" in form.dataset)) return;
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(form));
    const button = event.submitter;
    if (button?.name) fields.set(button.name, button.value);
    const place = form.closest("[data-remark]");
    try {
      const response = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
      const body = await response.json();
      if (response.ok) replace(place, body.html);
      else complain(place, body.error);
    } catch {
      complain(place, document.querySelector("[data-lost]").content.textContent);
    }
  });

  function replace(place, html) {
    const id = place.id;
    place.outerHTML = html;
    const fresh = document.getElementById(id);
    const thanks = fresh.querySelector("[data-thanks]");
    document.querySelector("[data-announcer]").textContent = thanks?.textContent ?? "";
    (fresh.querySelector('.why[open] input[type="radio"], [aria-pressed="true"]') ?? thanks)?.focus({ preventScroll: true });
  }

  function complain(place, sentence) {
    const problem = place.querySelector("[data-remark-problem]");
    problem.textContent = sentence;
    problem.hidden = false;
  }
}
