// Fills a page that was kept without a network from the pocket (vault.js): lists and doors that only stand there
// closed. An element with data-pocket="name" holds a template that is repeated for each row of that part, or is a
// select whose options are that part. Inside a template: data-text, data-href and data-value name a field of the
// row, data-each a list in it with a template of its own; what the row does not have is left out.
(() => {
  "use strict";

  const vault = window.lzVault;
  if (!vault?.owner) return;
  const MINUTE = 60000;
  const FRESH = 5 * MINUTE;
  const NOTHING = "手机里没有存这份名单。有信号时打开一次就有了，存三天。";

  const address = document.querySelector("meta[name=lz-pocket]")?.content;
  const places = [...document.querySelectorAll("[data-pocket]")];

  function drawn(place, rows) {
    const pattern = place.querySelector(":scope > template");
    place.append(...rows.map((row) => part(pattern, row)));
  }

  function part(pattern, row) {
    const piece = pattern.content.cloneNode(true);
    for (const spot of piece.querySelectorAll("[data-text], [data-href], [data-value], [data-each]")) fit(spot, row);
    return piece;
  }

  function fit(spot, row) {
    const { text, href, value, each } = spot.dataset;
    if ([text, href, value, each].some((name) => name && !(Array.isArray(row[name]) ? row[name].length : row[name]))) spot.remove();
    else if (each) drawn(spot, row[each]);
    if (text) spot.textContent = row[text] ?? "";
    if (href && String(row[href]).startsWith("/")) spot.setAttribute("href", row[href]);
    if (value) spot.setAttribute("value", row[value] ?? "");
  }

  const option = ([value, label]) => (Array.isArray(label) ? group(value, label) : new Option(label, value));

  function group(label, choices) {
    const part = document.createElement("optgroup");
    part.label = label;
    part.append(...choices.map(option));
    return part;
  }

  // What the address asks for (?door=…) is chosen as the server would have chosen it.
  function chosen(select) {
    const asked = new URLSearchParams(location.search).get(select.dataset.asks || "");
    if (asked && [...select.options].some(({ value }) => value === asked)) select.value = asked;
  }

  function lacking(place) {
    if (place.tagName === "SELECT") place.append(Object.assign(new Option(NOTHING, ""), { disabled: true }));
    else place.append(Object.assign(document.createElement("p"), { className: "lz-help", textContent: NOTHING }));
  }

  async function fill() {
    if (!places.length) return;
    const kept = await vault.pocket().catch(() => null);
    for (const place of places) {
      const rows = kept?.content.parts[place.dataset.pocket];
      if (!rows) lacking(place);
      else if (place.tagName === "SELECT") place.append(...rows.map(option));
      else drawn(place, rows);
      if (place.tagName === "SELECT") chosen(place);
    }
    for (const spot of kept ? document.querySelectorAll("[data-pocket-at]") : []) {
      spot.textContent = `${new Date(kept.at).toLocaleString("zh-CN", { dateStyle: "medium", timeStyle: "short" })}的名单`;
    }
  }

  async function refresh() {
    if (!address || places.length || !navigator.onLine) return;
    const kept = await vault.pocket();
    const age = kept ? Date.now() - kept.at : FRESH;
    if (age >= 0 && age < FRESH && !document.querySelector("meta[name=lz-pocket-fresh]")) return;
    if (!(await vault.keyOf(vault.owner))) await window.lzOutbox?.session({ fresh: true });
    const answer = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) return;
    const content = await answer.json();
    if (content.owner !== vault.owner) return;
    await (Object.keys(content.parts).length ? vault.fillPocket(content) : vault.emptyPocket(vault.owner));
  }

  window.lzPocket = Object.freeze({ filled: fill(), refresh });
  window.addEventListener("load", () => refresh().catch(() => {}));
})();
