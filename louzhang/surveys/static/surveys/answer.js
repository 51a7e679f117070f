// A question that is asked only after some answers is shown only then (data-only, data-answers); what lies in a part
// that is not shown is not sent. 不愿回答 and an answer take each other away. The entry is called by its door.
(() => {
  "use strict";

  const form = document.querySelector("form[data-answer]");
  if (!form) return;
  const parts = [...form.querySelectorAll("[data-only]")];

  function answers(name) {
    const ticked = [...form.querySelectorAll(`[name="${name}"]:checked, [name^="${name}_"]:checked`)];
    return ticked.filter(({ disabled }) => !disabled).map((field) => (field.name === name ? field.value : field.name.slice(name.length + 1)));
  }

  function show() {
    for (const part of parts) {
      const wanted = part.dataset.answers.split(" ");
      const isShown = !part.parentElement.closest("[data-only][hidden]") && answers(part.dataset.only).some((value) => wanted.includes(value));
      part.hidden = !isShown;
      part.querySelectorAll("input, textarea, select").forEach((field) => {
        field.disabled = !!field.closest("[data-only][hidden]");
      });
    }
  }

  // A box 不愿回答 empties what stands beside it; an answer takes the box away.
  function settle({ target }) {
    const ask = target.closest(".lz-ask");
    const box = ask?.querySelector("[type=checkbox][name^=n_]");
    if (!box) return;
    if (target === box && box.checked) {
      ask.querySelector("lz-photos")?.clear?.();
      ask.querySelectorAll("input, textarea").forEach((field) => {
        if (field === box || field.closest("lz-photos")) return;
        if (field.matches("[type=radio], [type=checkbox]")) field.checked = false;
        else field.value = "";
      });
    } else if (target !== box && (target.type === "file" || target.checked || target.value)) {
      box.checked = false;
    }
  }

  function name() {
    const row = form.elements.row;
    if (row?.tagName !== "SELECT" || !row.value) return;
    const chosen = row.selectedOptions[0];
    form.dataset.title = chosen.textContent.trim();
  }

  form.addEventListener("input", settle);
  form.addEventListener("change", (event) => {
    settle(event);
    show();
    name();
  });
  form.addEventListener("submit", name, true);
  window.addEventListener("pageshow", show); // the way back restores what was chosen
  show();
  name();
})();
