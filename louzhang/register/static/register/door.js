// What an entry written at a door is called while it waits: the door and what is said of it, never a name.
(() => {
  "use strict";

  const form = document.getElementById("door");
  if (!form) return;

  function name() {
    const row = form.elements.row;
    const chosen = row.selectedOptions[0];
    const kind = form.querySelector("[name=kind]:checked")?.closest("label")?.textContent.trim() || "";
    const place = row.value ? chosen.textContent.trim() : "";
    form.dataset.title = `${place} ${kind}`.trim() || "上门登记";
  }

  form.addEventListener("change", name);
  form.addEventListener("submit", name, true);
  name();
})();
