// Many at once: ticking rows with x or a range with Shift, and sending a selection in small parts with a result
// for each order. What is sent twice is done once, so a part whose answer was lost is simply sent again.
// Every page works without this file: the same boxes, the same form, one page of results.
(() => {
  "use strict";

  const PART = 10;
  const boxes = () => [...document.querySelectorAll("input[data-tick]")];
  let last = null;

  function count() {
    const bar = document.querySelector("[data-ticked]");
    if (!bar) return;
    const ticked = boxes().filter((box) => box.checked).length;
    bar.querySelector("[data-ticked-words]").textContent = ticked ? `已选 ${ticked} 件` : "勾选工单，一起办";
    bar.querySelectorAll("button").forEach((button) => (button.disabled = !ticked));
    const all = document.querySelector("input[data-tick-all]");
    if (!all) return;
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  }

  function tick(box, isRange) {
    const all = boxes();
    if (isRange && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      all.slice(from, to + 1).forEach((each) => (each.checked = box.checked));
    }
    last = box;
    count();
  }

  document.addEventListener("click", (event) => {
    const box = event.target.closest?.("input[data-tick]");
    if (box) tick(box, event.shiftKey);
    const all = event.target.closest?.("input[data-tick-all]");
    if (!all) return;
    boxes().forEach((each) => (each.checked = all.checked));
    count();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches?.("input:not([type=checkbox]), textarea, select") || document.querySelector("dialog[open]")) return;
    const box = document.activeElement?.closest?.("tr")?.querySelector("input[data-tick]");
    if (!box) return;
    event.preventDefault();
    box.checked = !box.checked;
    tick(box, event.shiftKey);
  });

  // A page that comes back from the browser's memory keeps its ticks.
  addEventListener("pageshow", count);
  document.querySelectorAll("[data-ticks-all]").forEach((cell) => (cell.hidden = false));
  count();

  // ---- Sending -----------------------------------------------------------------------------------

  function told(form) {
    const part = form.parentElement.querySelector("[data-many-told]");
    return {
      part,
      words: part.querySelector("[data-many-words]"),
      bar: part.querySelector("[data-many-bar]"),
      list: part.querySelector("[data-many-list]"),
      on: part.querySelector("[data-many-on]"),
      back: part.querySelector("[data-many-back]"),
    };
  }

  async function sendPart(form, numbers) {
    const body = new FormData(form);
    body.delete("orders");
    numbers.forEach((number) => body.append("orders", number));
    body.append("part", "1");
    return fetch(form.action, { method: "POST", body, credentials: "same-origin" });
  }

  function say(page, form) {
    const done = page.list.querySelectorAll('[data-many-result="done"]').length;
    const all = Number(form.dataset.manyAll);
    const sent = page.list.children.length;
    page.bar.value = sent;
    const refused = sent - done;
    page.words.textContent = `${sent < all ? `已办 ${sent} 件，共 ${all} 件` : "办完了"}：办好 ${done} 件${refused ? `，没有办 ${refused} 件，原因写在后面` : ""}。`;
  }

  async function send(form, numbers) {
    const page = told(form);
    form.hidden = true;
    page.part.hidden = false;
    page.on.hidden = true;
    while (numbers.length) {
      let answer;
      try {
        answer = await sendPart(form, numbers.slice(0, PART));
      } catch {
        answer = null;
      }
      if (!answer?.ok) {
        if (answer?.status === 400 && !page.list.children.length) return showForm(form, page, await answer.text());
        page.words.textContent = `网络断了，或者服务没有答应。已经办好的不会再办一次，还剩 ${numbers.length} 件，请点“继续”。`;
        page.on.hidden = false;
        page.on.onclick = () => send(form, numbers);
        page.on.focus();
        return;
      }
      page.list.insertAdjacentHTML("beforeend", await answer.text());
      numbers.splice(0, PART);
      say(page, form);
    }
    page.back.hidden = false;
    page.back.focus();
  }

  // Something is missing: the form again with what is wrong, as the page without JavaScript shows it.
  function showForm(form, page, html) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("form[data-many]");
    page.part.hidden = true;
    form.hidden = false;
    if (fresh) form.replaceChildren(...document.importNode(fresh, true).childNodes);
    form.querySelector(".lz-field-wrong :is(input, select, textarea)")?.focus();
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches?.("form[data-many]")) return;
    event.preventDefault();
    send(form, new FormData(form).getAll("orders"));
  });
})();
