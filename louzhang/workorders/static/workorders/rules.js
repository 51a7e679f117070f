// The order of the routing rules by dragging a row; the buttons beside it do the same by keyboard and without this file.
(() => {
  "use strict";

  const form = document.getElementById("moves");
  if (!form) return;
  const rows = () => [...form.querySelectorAll("tr[data-rule]")];
  let held = null;

  function mark(row) {
    rows().forEach((each) => each.classList.toggle("lz-row-target", each === row && each !== held));
  }

  form.addEventListener("dragstart", (event) => {
    held = event.target.closest("tr[data-rule]");
    if (!held) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", held.dataset.rule);
  });

  form.addEventListener("dragover", (event) => {
    const row = event.target.closest("tr[data-rule]");
    if (!held || !row) return;
    event.preventDefault();
    mark(row);
  });

  form.addEventListener("dragend", () => {
    mark(null);
    held = null;
  });

  form.addEventListener("drop", (event) => {
    const row = event.target.closest("tr[data-rule]");
    if (!held || !row || row === held) return;
    event.preventDefault();
    const field = form.querySelector("input[name=move]");
    field.disabled = false;
    field.value = `${held.dataset.rule}:${held.dataset.number}:${row.dataset.number}`;
    form.submit();
  });
})();
