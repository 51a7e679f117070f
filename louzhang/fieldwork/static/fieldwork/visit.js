// What a visit is called while it waits on the phone: the door and what came of it, never a name.
(() => {
  "use strict";

  const form = document.getElementById("visit");
  const row = form?.elements.row;
  if (!form || row?.tagName !== "SELECT") return;

  function name() {
    const chosen = row.selectedOptions[0];
    const place = row.value ? chosen.textContent.trim() : "";
    form.dataset.title = `${place} 走访`.trim();
  }

  form.addEventListener("change", name);
  form.addEventListener("submit", name, true);
  name();
})();
