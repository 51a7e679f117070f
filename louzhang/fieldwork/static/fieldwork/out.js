// What an entry of a round is called while it waits on the phone: the point and whether it is there or has a fault.
(() => {
  "use strict";

  const form = document.getElementById("out");
  if (!form) return;

  function name() {
    const row = form.elements.row;
    const kind = form.querySelector("[name=kind]:checked")?.closest("label")?.textContent.trim() || "";
    const place = row.value ? row.selectedOptions[0].textContent.trim() : "";
    form.dataset.title = `${place} ${kind}`.trim() || "巡查到点位";
  }

  form.addEventListener("change", name);
  form.addEventListener("submit", name, true);
  name();
})();
