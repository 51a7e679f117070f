// The phone's forms: steps shown one at a time, sentences to tap into a note. Without this file the
// server shows the same steps page by page.
(() => {
  "use strict";

  // ---- Sentences to tap ------------------------------------------------------------------------------

  document.querySelectorAll("[data-fills]").forEach((list) => (list.hidden = false));

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-fill]");
    const list = button?.closest("[data-fills]");
    const field = list && document.getElementById(list.dataset.fills);
    if (!field) return;
    if (list.dataset.takes) {
      take(document.getElementById(list.dataset.takes), button.dataset.fill);
      field.value = "";
      list.hidden = true;
    }
    field.value = field.value.trim() ? `${field.value.trimEnd()}\n${button.dataset.fill}` : button.dataset.fill;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  // What was found among other words moves to a field of its own.
  function take(from, words) {
    from.value = from.value.replace(words, "").replace(/ {2,}/g, " ").trim();
    from.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // ---- A category chosen by hand stays; a suggested one follows the words ----------------------------------

  document.addEventListener("change", (event) => {
    if (!event.target.matches?.('[name="category"]')) return;
    const picked = event.target.form?.elements.picked;
    if (picked) picked.value = "1";
  });

  // ---- Steps -------------------------------------------------------------------------------------------

  const form = document.querySelector("form[data-steps]");
  if (!form) return;
  const sections = [...form.querySelectorAll("[data-step]")];
  const last = sections.length;
  const forward = document.querySelector("[data-forward]");
  const backward = document.querySelector("[data-backward]");
  let now = sections.findIndex((section) => !section.hidden) + 1;

  function show(step) {
    now = step;
    sections.forEach((section, place) => (section.hidden = place + 1 !== step));
    const words = `第 ${step} 步，共 ${last} 步`;
    document.querySelector("[data-steps-words]").textContent = words;
    const bar = document.querySelector("[data-steps-bar]");
    bar.value = step;
    bar.setAttribute("aria-label", words);
    form.elements.step.value = step;
    forward.textContent = step < last ? "下一步" : "提交";
    forward.name = step < last ? "go" : "";
    forward.value = step < last ? step + 1 : "";
    backward.hidden = step === 1;
    backward.value = step - 1;
    const asksWhom = !!form.querySelector("[data-asks-target]") !== !!form.querySelector("#place label[for=id_target]");
    if (step === 2 && asksWhom) document.getElementById("place").dispatchEvent(new CustomEvent("lz:step"));
    if (step === last) document.getElementById("nearby")?.dispatchEvent(new CustomEvent("lz:step"));
    window.scrollTo(0, 0);
    sections[step - 1].querySelector("h1").focus({ preventScroll: true });
  }

  // The server says what is missing; without a network one goes on and is asked at the end.
  async function missing(step) {
    if (form.matches("[data-photos-busy]")) return {};
    const body = new FormData(form);
    body.set("go", step + 1);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      return answer.status === 400 ? (await answer.json()).errors : {};
    } catch {
      return {};
    }
  }

  async function goOn() {
    forward.setAttribute("aria-disabled", "true");
    const errors = await missing(now);
    forward.removeAttribute("aria-disabled");
    window.lzOutbox.mark(form, errors);
    if (Object.keys(errors).length) return;
    history.pushState({ step: now + 1 }, "");
    show(now + 1);
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest?.("[data-forward], [data-backward], .lz-back");
    if (!target || (target === forward && now === last) || (target.matches(".lz-back") && now === 1)) return;
    event.preventDefault();
    if (target === forward) {
      if (!forward.matches("[aria-disabled]")) goOn();
    } else if (history.state?.step > 1) {
      history.back();
    } else {
      show(now - 1);
    }
  });

  // A draft goes on where it stopped, with the steps before it behind it.
  form.addEventListener("lz:restored", ({ detail }) => {
    history.replaceState({ step: 1 }, "");
    for (let step = 2; step <= Math.min(detail.step, last); step += 1) history.pushState({ step }, "");
    show(Math.min(detail.step, last));
  });

  form.addEventListener("lz:refused", ({ detail }) => {
    const wrong = sections.findIndex((section) => Object.keys(detail.errors).some((name) => section.querySelector(`[data-error="${name}"]`)));
    if (wrong >= 0) show(wrong + 1);
  });

  window.addEventListener("popstate", (event) => show(event.state?.step || 1));
  if (!history.state?.step) history.replaceState({ step: now }, "");
  else if (history.state.step !== now) history.replaceState({ step: now }, "");

  // Words restored from a draft ask for suggestions as typed ones do.
  window.addEventListener("load", () => {
    const words = form.elements.words;
    if (words?.value && !form.querySelector("[name=category]:checked")) words.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
