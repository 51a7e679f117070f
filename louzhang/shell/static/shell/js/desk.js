// The desk by keyboard: j k move, Enter opens, letters press the verbs of the row or the page, / searches, ? tells
// the keys of this page.
(() => {
  "use strict";

  // A field of a dialog that has just closed keeps the focus for a moment: nobody types there.
  const field = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
  const typing = (element) => element?.matches?.(field) && !element.closest("dialog:not([open])");
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

  // The letters that work here, with the words of their buttons: of the rows where there are any, else of the page.
  // Those of a closed menu work as well.
  function letters() {
    const verbs = [...document.querySelectorAll(rows().length ? "tr [data-verb], li [data-verb]" : "[data-verb]")];
    const inSight = (button) => button.offsetParent || button.closest("details[data-menu]")?.offsetParent;
    const found = [...verbs, ...document.querySelectorAll("[data-key]")].filter(inSight);
    return new Map(found.map((button) => [button.dataset.verb || button.dataset.key, wordsOf(button)]));
  }

  function wordsOf(button) {
    const copy = button.cloneNode(true);
    copy.querySelectorAll("kbd").forEach((sign) => sign.remove());
    return copy.textContent.trim();
  }

  function keyLine(key, words) {
    const line = document.createElement("div");
    const sign = document.createElement("kbd");
    sign.textContent = key;
    line.append(document.createElement("dt"), document.createElement("dd"));
    line.firstChild.append(sign);
    line.lastChild.textContent = words;
    line.dataset.letter = key;
    return line;
  }

  function tellKeys() {
    const list = document.querySelector("#lz-keys dl");
    if (!list) return;
    list.querySelectorAll("[data-letter]").forEach((line) => line.remove());
    list.querySelectorAll("[data-needs]").forEach((line) => (line.hidden = !document.querySelector(line.dataset.needs)));
    list.prepend(...[...letters()].map(([key, words]) => keyLine(key, words)));
  }

  document.addEventListener("click", (event) => event.target.closest?.('[data-opens="lz-keys"]') && tellKeys(), true);

  // Which folds of the navigation were opened stays for the next page; the one where one is opens by itself.
  function rememberFolds() {
    const opened = [...document.querySelectorAll("[data-fold][open]:not([data-here])")];
    const names = opened.map((fold) => encodeURIComponent(fold.dataset.fold)).join(".");
    document.cookie = `lz_folds=${names}; path=/; max-age=31536000; samesite=lax`;
  }

  document.addEventListener("click", (event) => event.target.closest?.("[data-fold] > summary") && setTimeout(rememberFolds));

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => document.querySelector("[data-search]")?.focus(),
    "?": () => {
      tellKeys();
      document.getElementById("lz-keys")?.showModal();
    },
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
