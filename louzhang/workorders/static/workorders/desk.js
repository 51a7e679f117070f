// The desk's own keys: Enter sends a short note, ↓ goes from a search to what it found, Enter moves on in a long form.
// Every page works without this file.
(() => {
  "use strict";

  const composing = (event) => event.isComposing || event.keyCode === 229;

  function picksOf(field) {
    return [...document.querySelectorAll(`${field.dataset.picks} input[type=radio]`)];
  }

  // From the search box to the first hit: chosen, focused, and told to htmx.
  function pickFirst(field) {
    const found = picksOf(field);
    const first = found.find((radio) => radio.checked) || found[0];
    if (!first) return false;
    first.focus();
    if (!first.checked) first.click();
    return true;
  }

  function moveOn(form, field) {
    const fields = [...form.elements].filter((each) => each.tabIndex >= 0 && !each.disabled && each.offsetParent && each.type !== "hidden" && !each.matches("button:not([data-last])"));
    const groups = fields.filter((each) => each.type !== "radio" || each.checked || !form.querySelector(`input[name="${each.name}"]:checked`));
    groups[groups.indexOf(field) + 1]?.focus();
  }

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLElement) || composing(event)) return;
    const form = field.closest("form");
    if (field.matches("[data-picks]") && (event.key === "ArrowDown" || event.key === "Enter")) {
      event.preventDefault();
      if (!pickFirst(field) && event.key === "Enter" && form?.matches("[data-moves]")) moveOn(form, field);
      return;
    }
    if (event.key !== "Enter" || !form) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (field.matches("textarea[data-enter-sends]") && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    } else if (form.matches("[data-moves]") && field.matches("input, select") && !event.shiftKey) {
      event.preventDefault();
      moveOn(form, field);
    }
  });

  // A dialog is empty until its form has come; a search box that found one hit needs no arrow.
  document.addEventListener("htmx:beforeRequest", ({ detail, target }) => {
    const body = detail.target;
    if (body?.id !== "act-body" || !target.matches?.("a")) return;
    const waiting = document.createElement("div");
    waiting.className = "lz-skeleton";
    waiting.append(...[1, 2, 3].map(() => document.createElement("span")));
    body.replaceChildren(waiting);
  });
})();
