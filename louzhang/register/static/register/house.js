// The picture of a building: a home opens over it as a sheet, which Back closes; arrows move from door to door.
(() => {
  "use strict";

  const sheet = document.getElementById("home");
  const homes = () => [...document.querySelectorAll("a[data-home]")];
  if (!sheet || typeof sheet.showModal !== "function" || !window.htmx) return;
  let opener = null;
  let leaving = null; // going back one step in the history takes a moment

  // ---- The sheet -----------------------------------------------------------------------------------

  async function fill(url) {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error("no sheet");
    sheet.innerHTML = await answer.text();
    window.htmx.process(sheet);
  }

  async function open(link, isNew) {
    opener = link;
    try {
      await fill(link.href);
    } catch {
      location.assign(link.href); // the page says what is the matter
      return;
    }
    await leaving;
    if (opener !== link || sheet.open) return;
    if (isNew) history.pushState({ home: link.getAttribute("href") }, "");
    sheet.showModal();
    sheet.scrollTop = 0;
    document.getElementById("home-title")?.focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-home]");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link, true);
  });

  // Esc before the sheet has come: it need not come any more.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !sheet.open) opener = null;
  });

  sheet.addEventListener("close", () => {
    sheet.replaceChildren();
    if (history.state?.home) leaving = goBack();
    opener?.focus();
  });

  function goBack() {
    return new Promise((done) => {
      window.addEventListener("popstate", done, { once: true });
      setTimeout(done, 1000);
      history.back();
    });
  }

  function follow() {
    const link = history.state?.home && homes().find((home) => home.getAttribute("href") === history.state.home);
    if (link) open(link, false);
    else if (sheet.open) sheet.close();
  }

  window.addEventListener("popstate", follow);
  follow(); // back from a page that was opened out of the sheet

  // ---- Arrows --------------------------------------------------------------------------------------

  const house = document.querySelector("[data-house]");
  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function beside(link, [across, down]) {
    const rows = [...house.tBodies[0].rows];
    const cell = link.closest("td");
    let [x, y] = [cell.cellIndex + across, rows.indexOf(cell.parentElement) + down];
    for (; rows[y]?.cells[x]; x += across, y += down) {
      const next = rows[y].cells[x].querySelector("a");
      if (next) return next;
    }
    return null;
  }

  house?.addEventListener("keydown", (event) => {
    const link = event.target.closest?.("a[data-home]");
    const next = link && STEPS[event.key] && beside(link, STEPS[event.key]);
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  // One stop of the Tab key for the whole picture: the door one was at last.
  house?.addEventListener("focusin", (event) => {
    const link = event.target.closest?.("a[data-home]");
    if (!link) return;
    house.querySelectorAll('a[tabindex="0"]').forEach((other) => other.setAttribute("tabindex", "-1"));
    link.setAttribute("tabindex", "0");
  });
  if (house) homes().forEach((home, place) => home.setAttribute("tabindex", place ? "-1" : "0"));
})();
