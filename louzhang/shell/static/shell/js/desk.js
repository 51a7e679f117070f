// The desk by keyboard: j k move, Enter opens, a and d press the verbs of the row or the page, / searches, ? helps.
(() => {
  "use strict";

  const typing = (element) => element?.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  const rows = () => [...document.querySelectorAll("a[data-row]")].filter((row) => row.offsetParent);

  function move(by) {
    const all = rows();
    if (!all.length) return;
    const current = document.activeElement?.closest?.("tr, li")?.querySelector("a[data-row]");
    const place = all.indexOf(current);
    const next = place < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(place + by, 0), all.length - 1);
    all[next].focus();
    all[next].closest("tr, li").scrollIntoView({ block: "nearest" });
  }

  function press(key) {
    const row = document.activeElement?.closest?.("tr, li:has(a[data-row])");
    const within = row?.querySelector(`[data-verb="${key}"]`);
    const alone = document.querySelectorAll(`:not(tr) > :not(td) [data-verb="${key}"], .lz-verbs [data-verb="${key}"]`);
    const verb = within || (rows().length ? null : alone[0]);
    verb?.click();
    return Boolean(verb);
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => document.querySelector("[data-search]")?.focus(),
    "?": () => document.getElementById("lz-keys")?.showModal(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(document.activeElement) && !document.querySelector("dialog[open]")) {
      document.activeElement.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const act = keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    } else if (/^[a-z]$/.test(event.key) && press(event.key)) {
      event.preventDefault();
    }
  });
})();
