// Both faces: dialogs, menus, buttons that send once, copying, short words, polling, errors of a swap.
// Every page works without this file; it makes pages quicker, never possible.
(() => {
  "use strict";

  const root = document.documentElement;
  root.dataset.live = "";

  const spoken = {
    offline: "网络断了，这一步没有送出去。内容还在，请连上网再点一次。",
    slow: "等了太久没有回音，请再点一次。不会重复提交。",
    failed: "这一步没有办成，内容还在。请过一会儿再点一次。",
  };

  // ---- Short words -------------------------------------------------------------------------------

  function notices() {
    return document.getElementById("lz-notices") || document.body;
  }

  function say(words, tone = "success", undoUrl = "") {
    const toast = document.createElement("div");
    toast.className = `lz-toast lz-toast-${tone}`;
    toast.dataset.toast = tone === "error" ? "stay" : "";
    if (tone === "error") toast.setAttribute("role", "alert");
    const line = document.createElement("p");
    line.textContent = words;
    toast.append(line);
    if (undoUrl) toast.append(undoForm(undoUrl));
    const close = document.createElement("button");
    close.type = "button";
    close.className = "lz-tool";
    close.dataset.dismiss = "";
    close.textContent = "知道了";
    toast.append(close);
    notices().append(toast);
    fade(toast);
  }

  function undoForm(url) {
    const form = document.createElement("form");
    form.method = "post";
    form.action = url;
    const token = document.createElement("input");
    token.type = "hidden";
    token.name = "csrfmiddlewaretoken";
    token.value = csrfToken();
    const button = document.createElement("button");
    button.className = "lz-btn lz-btn-small";
    button.textContent = "撤销";
    form.append(token, button);
    return form;
  }

  function fade(toast) {
    document.querySelectorAll("[data-toast]").forEach((other) => {
      if (other !== toast && other.dataset.toast !== "stay") other.remove();
    });
    if (toast.dataset.toast === "stay" || toast.querySelector("form")) return;
    setTimeout(() => toast.remove(), 8000);
  }

  function csrfToken() {
    try {
      return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
    } catch {
      return "";
    }
  }

  // ---- Dialogs, menus, questions -----------------------------------------------------------------

  function openDialog(name, event) {
    const dialog = document.getElementById(name);
    if (!dialog || typeof dialog.showModal !== "function") return;
    event?.preventDefault();
    if (!dialog.open) dialog.showModal();
    const first = dialog.querySelector("[autofocus], input:not([type=hidden]), select, textarea");
    first?.focus();
  }

  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!except || !menu.contains(except)) menu.open = false;
    });
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    if (!(target instanceof Element)) return;
    closeMenus(target);
    const opener = target.closest("[data-opens]");
    if (opener) {
      openDialog(opener.dataset.opens, event);
      // A tap or key before htmx has gone through the page would open the dialog and fetch nothing.
      const url = opener.getAttribute("hx-get");
      if (url && window.htmx && !opener["htmx-internal-data"]) htmx.ajax("GET", url, opener.getAttribute("hx-target"));
    }
    if (target.closest("[data-closes]") || target.tagName === "DIALOG") target.closest("dialog")?.close();
    if (target.closest("[data-unask]")) target.closest("details").open = false;
    target.closest("[data-dismiss]")?.closest("[data-toast]")?.remove();
    if (target.closest("[data-print]")) window.print();
    const copier = target.closest("[data-copy] button");
    if (copier) copyText(copier);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    const menu = document.activeElement?.closest?.("details[data-menu][open]");
    closeMenus();
    menu?.querySelector("summary")?.focus();
  });

  // A menu that opens below the edge of the screen comes into sight.
  document.addEventListener(
    "toggle",
    ({ target }) => target.matches?.("details[data-menu][open]") && target.lastElementChild.scrollIntoView({ block: "nearest" }),
    true,
  );

  // ---- Copying -----------------------------------------------------------------------------------

  async function copyText(button) {
    const holder = button.closest("[data-copy]");
    const words = button.querySelector("span") || button;
    const before = words.textContent;
    try {
      await navigator.clipboard.writeText(holder.dataset.copy);
      words.textContent = "已复制";
    } catch {
      window.getSelection().selectAllChildren(holder.querySelector(".lz-copy-text"));
      words.textContent = "已选中，请长按复制";
    }
    setTimeout(() => (words.textContent = before), 3000);
  }

  // ---- Sending once ------------------------------------------------------------------------------

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.matches("[data-photos-busy]")) {
      event.preventDefault();
      say("照片还在上传，传完再提交。", "info");
      return;
    }
    if (!form.matches("[data-once]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    setTimeout(() => setSending(form, true), 0);
    setTimeout(() => release(form), 20000);
  });

  function setSending(form, sending) {
    form.querySelectorAll("button:not([type=button])").forEach((button) => {
      button.toggleAttribute("aria-disabled", sending);
      if (sending) button.setAttribute("aria-disabled", "true");
    });
  }

  function release(form) {
    delete form.dataset.sent;
    setSending(form, false);
  }

  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

  // ---- What only some choices ask for --------------------------------------------------------------------

  function unfold() {
    document.querySelectorAll("[data-when]").forEach((part) => {
      const [name, value] = part.dataset.when.split("=");
      part.hidden = !document.querySelector(`[name="${name}"][value="${value}"]:checked`);
    });
  }

  document.addEventListener("change", unfold);
  window.addEventListener("pageshow", unfold); // the way back restores what was chosen
  unfold();

  // ---- Fields as tall as their words ---------------------------------------------------------------

  document.addEventListener("input", (event) => grow(event.target));

  function grow(field) {
    if (!field.matches?.("textarea[data-grow]")) return;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, 480)}px`;
  }

  // ---- What was wrong is no longer said once it is changed ---------------------------------------------

  document.addEventListener("input", (event) => takeBack(event.target));
  document.addEventListener("change", (event) => takeBack(event.target));

  function takeBack(changed) {
    const field = changed.closest?.(".lz-field:has(.lz-error)");
    if (!field) return;
    const gone = [...field.querySelectorAll(".lz-error")];
    const names = gone.map((error) => error.id).filter(Boolean);
    [field, ...field.querySelectorAll("[aria-describedby], [aria-invalid]")].forEach((part) => {
      part.removeAttribute("aria-invalid");
      const left = (part.getAttribute("aria-describedby") || "").split(" ").filter((name) => name && !names.includes(name));
      if (left.length) part.setAttribute("aria-describedby", left.join(" "));
      else part.removeAttribute("aria-describedby");
    });
    gone.forEach((error) => error.remove());
    field.classList.remove("lz-field-wrong");
    shortenSummary(field);
  }

  // The list of everything wrong at the top of a form loses the line that leads to this field.
  function shortenSummary(field) {
    document.querySelectorAll(".lz-notice-error li > a[href^='#']").forEach((line) => {
      const place = document.getElementById(line.hash.slice(1));
      if (!place || !field.contains(place)) return;
      const summary = line.closest(".lz-notice-error");
      line.parentElement.remove();
      const left = summary.querySelectorAll("li").length;
      const title = summary.querySelector(".lz-notice-title");
      if (!left) summary.remove();
      else if (left === 1) title.textContent = title.textContent.replace("几处", "一处");
    });
  }

  // ---- Photos large ------------------------------------------------------------------------------

  let lightbox;
  let shown = [];
  let place = 0;

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-lightbox] a");
    if (!link || event.ctrlKey || event.metaKey || typeof HTMLDialogElement === "undefined") return;
    event.preventDefault();
    shown = [...link.closest("[data-lightbox]").querySelectorAll("a")];
    place = shown.indexOf(link);
    lightbox = lightbox || makeLightbox();
    showPhoto(0);
    lightbox.showModal();
  });

  function makeLightbox() {
    const dialog = document.createElement("dialog");
    dialog.className = "lz-lightbox";
    dialog.setAttribute("aria-label", "看大图");
    const picture = document.createElement("img");
    dialog.append(picture, document.createElement("p"));
    [["close", "关闭"], ["before", "上一张"], ["after", "下一张"]].forEach(([name, label]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = `lz-lightbox-${name}`;
      button.textContent = { close: "✕", before: "‹", after: "›" }[name];
      button.setAttribute("aria-label", label);
      button.addEventListener("click", () => (name === "close" ? dialog.close() : showPhoto(name === "before" ? -1 : 1)));
      dialog.append(button);
    });
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft") showPhoto(-1);
      if (event.key === "ArrowRight") showPhoto(1);
    });
    dialog.addEventListener("click", (event) => event.target === picture && dialog.close());
    document.body.append(dialog);
    return dialog;
  }

  function showPhoto(by) {
    place = (place + by + shown.length) % shown.length;
    const picture = lightbox.querySelector("img");
    picture.src = shown[place].href;
    picture.alt = shown[place].querySelector("img")?.alt || "照片";
    lightbox.querySelector("p").textContent = shown.length > 1 ? `${place + 1} / ${shown.length}` : "";
    lightbox.querySelectorAll(".lz-lightbox-before, .lz-lightbox-after").forEach((button) => (button.hidden = shown.length < 2));
  }

  // ---- htmx: polling with ETag, sentences for what went wrong -----------------------------------------

  const on = (name, act) => document.addEventListener(name, (event) => act(event.detail, event));

  on("htmx:configRequest", ({ elt, headers }) => {
    if (elt.dataset?.poll !== undefined && elt.dataset.etag) headers["If-None-Match"] = elt.dataset.etag;
  });
  on("htmx:beforeRequest", ({ elt }, event) => {
    if (elt.dataset?.poll !== undefined && document.hidden) event.preventDefault();
  });
  on("htmx:beforeSwap", (detail) => {
    const { xhr, elt } = detail;
    if (elt.dataset?.poll !== undefined) elt.dataset.etag = xhr.getResponseHeader("ETag") || "";
    if (xhr.getResponseHeader("HX-Retarget")) detail.shouldSwap = true;
  });
  on("htmx:afterRequest", ({ elt }) => {
    const form = elt.closest?.("form[data-once]");
    if (form) release(form);
  });
  on("htmx:responseError", ({ xhr, elt }) => {
    if (!xhr.getResponseHeader("HX-Retarget") && elt.dataset?.poll === undefined) say(spoken.failed, "error");
  });
  // What only helps while one writes (data-quiet) may fail in silence: the page says itself how to go on without it.
  const isQuiet = (elt) => elt.dataset?.poll !== undefined || elt.dataset?.quiet !== undefined;
  on("htmx:sendError", ({ elt }) => {
    if (elt.dataset?.lost) say(elt.dataset.lost, "info");
    else if (!isQuiet(elt)) say(spoken.offline, "error");
  });
  on("htmx:timeout", ({ elt }) => isQuiet(elt) || say(spoken.slow, "error"));
  on("lz:toast", (detail) => say(detail.words, detail.tone, detail.undo_url));
  on("htmx:load", ({ elt }) => prepare(elt));

  // ---- Maps: even their script comes only when somebody wants one -----------------------------------------

  async function openMap(map) {
    if (map.dataset.asked) return;
    map.dataset.asked = "1";
    try {
      await import(map.dataset.script);
      await map.open();
    } catch {
      delete map.dataset.asked;
      map.querySelector(".lz-map-words").textContent = "地图没有打开。请检查网络再试。";
    }
  }

  function offerMap(map) {
    const button = map.querySelector("button");
    if (map.dataset.now !== undefined) openMap(map);
    else button.hidden = false;
    const ways = [button, ...(map.id ? document.querySelectorAll(`a[href="#${map.id}"]`) : [])];
    ways.forEach((way) => way.addEventListener("click", () => openMap(map)));
  }

  // ---- Whenever something new is on the page ----------------------------------------------------------

  function prepare(part) {
    part.querySelectorAll("[data-copy] button[hidden]").forEach((button) => (button.hidden = false));
    part.querySelectorAll("textarea[data-grow]").forEach(grow);
    part.querySelectorAll("lz-map:not([data-asked]):not([data-offered])").forEach((map) => {
      map.dataset.offered = "";
      offerMap(map);
    });
    part.querySelectorAll("[data-toast]").forEach(fade);
    part.querySelector("[data-focus]")?.focus({ preventScroll: false });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => prepare(document.body));
  else prepare(document.body);

  window.louzhang = Object.freeze({ say, csrfToken });
})();
