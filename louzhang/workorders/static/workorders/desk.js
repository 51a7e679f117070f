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

  // A search that is still on its way would take the choice away again, or offer what was found before.
  const isFound = (field) => (field.foundFor ?? field.defaultValue) === field.value;

  function pickOrMoveOn(field, key) {
    const form = field.closest("form");
    if (!pickFirst(field) && key === "Enter" && form?.matches("[data-moves]")) moveOn(form, field);
  }

  function foundFor(field) {
    field.foundFor = field.askedFor;
    const key = field.pressed;
    if (!key || !isFound(field)) return;
    field.pressed = "";
    if (document.activeElement === field) pickOrMoveOn(field, key);
  }

  const ofSearch = (event, act) => event.detail.elt.matches?.("[data-picks]") && act(event.detail.elt);
  document.addEventListener("input", (event) => event.target.matches?.("[data-picks]") && (event.target.pressed = ""));
  document.addEventListener("htmx:beforeRequest", (event) => ofSearch(event, (field) => (field.askedFor = field.value)));
  document.addEventListener("htmx:afterRequest", (event) => ofSearch(event, foundFor));

  function moveOn(form, field) {
    const fields = [...form.elements].filter((each) => each.tabIndex >= 0 && !each.disabled && each.offsetParent && each.type !== "hidden" && !each.matches("button:not([data-last])"));
    const groups = fields.filter((each) => each.type !== "radio" || each.checked || !form.querySelector(`input[name="${each.name}"]:checked`));
    groups[groups.indexOf(field) + 1]?.focus();
  }

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLElement) || composing(event)) return;
    const form = field.closest("form");
    const sends = event.ctrlKey || event.metaKey;
    if (field.matches("[data-picks]") && !sends && (event.key === "ArrowDown" || event.key === "Enter")) {
      event.preventDefault();
      if (isFound(field)) pickOrMoveOn(field, event.key);
      else field.pressed = event.key;
      return;
    }
    if (event.key !== "Enter" || !form) return;
    if (sends) {
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

  // A fast hand saves while the questions of the category are still on their way: they come first, the first
  // open one is asked, and nothing typed is lost.
  function asks(part) {
    part.querySelectorAll("[data-asks-now]").forEach((line) => {
      line.closest(".lz-field").classList.remove("lz-field-wrong");
      line.remove();
    });
    const open = [...part.querySelectorAll("[data-asked]")].find((field) => !field.value.trim());
    if (!open) return false;
    const line = document.createElement("p");
    Object.assign(line, { className: "lz-error", role: "alert", textContent: open.dataset.asked });
    line.dataset.asksNow = "";
    const field = open.closest(".lz-field");
    field.classList.add("lz-field-wrong");
    field.append(line);
    open.focus();
    return true;
  }

  document.addEventListener(
    "submit",
    (event) => {
      const part = event.target.querySelector?.("[data-asks]");
      const isComing = part?.matches(".htmx-request");
      if (!part || !(isComing || asks(part))) return;
      part.sendsLater = isComing;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );

  document.addEventListener("htmx:afterRequest", ({ detail }) => {
    const part = detail.elt;
    if (!part.sendsLater || part.matches(".htmx-request")) return;
    part.sendsLater = false;
    part.closest("form").requestSubmit();
  });

  // Keys of the whole page (n: next call), also where rows have keys of their own.
  document.addEventListener("keydown", (event) => {
    const field = event.target.matches?.("input:not([type=checkbox], [type=radio]), textarea, select");
    const typing = field && !event.target.closest("dialog:not([open])");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (/^[a-z]$/.test(event.key)) document.querySelector(`[data-key="${event.key}"]`)?.click();
  });

  // What the dialog showed before is gone at once; its form is on the way.
  document.addEventListener("htmx:beforeRequest", ({ detail, target }) => {
    const body = detail.target;
    if (body?.id !== "act-body" || !target.matches?.("a")) return;
    const waiting = document.createElement("div");
    waiting.className = "lz-skeleton";
    waiting.append(...[1, 2, 3].map(() => document.createElement("span")));
    body.replaceChildren(waiting);
  });

  // Buttons for browsers without JavaScript go: Enter would press the first of them instead of the verb.
  function dropPlainButtons(part) {
    part.querySelectorAll(".lz-no-live").forEach((button) => button.remove());
  }

  dropPlainButtons(document);
  document.addEventListener("htmx:load", ({ detail }) => dropPlainButtons(detail.elt));

  // The first field is ready to be typed into, whatever had the focus before.
  document.addEventListener("htmx:afterSettle", ({ detail }) => {
    const body = detail.target;
    if (body?.id !== "act-body") return;
    const wrong = body.querySelector("[role=alert]");
    const first = body.querySelector(wrong ? ".lz-field-wrong :is(input, select, textarea)" : "[data-focus]");
    const field = first || body.querySelector(":is(input:not([type=hidden]), select, textarea)") || body.querySelector("button, a");
    field?.focus();
  });
})();
