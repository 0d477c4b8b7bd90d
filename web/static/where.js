// Where to look: a module or unit chosen beside the box is said above it, with the way back to the whole course.
export function startWhere() {
  const select = document.getElementById("ui_module");
  const line = document.querySelector("[data-where]");
  if (!select) return;
  select.addEventListener("change", show);
  line.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    select.value = "";
    show();
    select.focus();
  });
  show();

  function show() {
    line.hidden = !select.value || select.hidden;
    line.querySelector("b").textContent = select.value ? select.selectedOptions[0].textContent.trim() : "";
  }
}
