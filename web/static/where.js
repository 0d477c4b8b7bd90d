// Where to look: a module or unit chosen beside the box is said above it, with the way back to the whole course; only its questions to start with stay.
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
    const home = select.selectedOptions[0]?.closest("optgroup")?.dataset.module;
    for (const one of document.querySelectorAll("[data-starters] [data-module]")) one.hidden = Boolean(home) && one.dataset.module !== home;
    line.querySelector("b").textContent = select.value ? select.selectedOptions[0].textContent.trim() : "";
  }
}
