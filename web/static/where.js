// Where to look: a module or unit chosen beside the box is said above it, with the way back to the whole course; the questions to start with are its own.
export function startWhere() {
  const select = document.getElementById("ui_module");
  const line = document.querySelector("[data-where]");
  if (!select) return;
  select.addEventListener("change", show);
  line.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    select.value = "";
    select.dispatchEvent(new Event("change", { bubbles: true }));
    select.focus();
  });
  show();

  function show() {
    line.hidden = !select.value || select.hidden;
    line.querySelector("b").textContent = select.value ? select.selectedOptions[0].textContent.trim() : "";
    const starters = document.querySelector("[data-starters]");
    if (starters && starters.elements.module.value !== select.value) start(starters, select.value);
  }

  // Where the server cannot be reached, those that are there stay, with the place that they are asked within.
  async function start(starters, within) {
    try {
      const response = await fetch(`${starters.dataset.starters}&module=${encodeURIComponent(within)}`);
      const html = response.ok && (await response.text());
      if (html && within === select.value) starters.innerHTML = html;
    } catch {
      // they stay
    }
  }
}
