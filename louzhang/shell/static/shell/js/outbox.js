// The outbox of the phone: what was given to be sent (form[data-outbox]) goes out when there is a signal, with the
// id it had from the beginning, so that sending twice is sending once. The queue lives in the page: it works where
// there is no service worker (WeChat on an iPhone). Nothing leaves it but by being received or thrown away.
(() => {
  "use strict";

  const drafts = window.lzDrafts;
  const vault = window.lzVault;
  const meta = (name) => document.querySelector(`meta[name=${name}]`)?.content || "";
  const AGAIN = 30000;
  const HOUR = 3600000;
  const PATIENCE = 10000;
  const WAITING = "没有信号，已经存在这台手机里，有信号时自动发出。";
  const GONE_WRONG = { 403: "登录到期了，重新登录后自动发出。", 429: "发得太多了，过一会儿自动再发。" };

  // ---- Who is here now, and a fresh token --------------------------------------------------------------

  let known;

  async function session({ fresh = false } = {}) {
    if (!fresh && known && Date.now() - known.at < 5 * 60000) return known;
    const answer = await call(meta("lz-outbox"), { headers: { Accept: "application/json" } }, 15000);
    if (!answer.ok) throw new Error(String(answer.status));
    const { key, ...told } = await answer.json();
    known = { ...told, at: Date.now() };
    if (await vault?.take(told.owner, key).catch(() => false)) await drafts.sealAll();
    return known;
  }

  async function call(url, options, patience) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), patience);
    try {
      return await fetch(url, { ...options, cache: "no-store", signal: stop.signal });
    } finally {
      clearTimeout(timer);
    }
  }

  // ---- Sending one entry: photos first, then the words -------------------------------------------------

  class Later extends Error {}
  class Broken extends Later {}
  class Refused extends Error {
    constructor(answer) {
      super(answer.message || "");
      this.answer = answer;
    }
  }

  async function send(entry) {
    if (entry.batch) return (await sendTogether(entry.batch, [entry])).get(entry.id);
    try {
      const { csrf, owner } = await session({ fresh: true });
      if (owner !== entry.owner) throw new Later("这是登录的时候写的，请先登录，再发。");
      const answer = await post(entry.action, bodyOf(entry, await sendPhotos(entry, csrf)), csrf, 60000);
      await drafts.drop(entry.id);
      return { state: "sent", url: answer.url };
    } catch (error) {
      return resultOf(error);
    }
  }

  // Entries of one address (form[data-batch]) go together; each has a result of its own. A batch that breaks the
  // server is sent one by one, so that none stands in the way of the others. Photos go before the batch, each by
  // itself under the id it was given when it was taken; a person has only so many lying unused at a time.
  const AT_MOST = 200;
  const PHOTOS_AT_MOST = 27;

  async function partsOf(entries) {
    const parts = [];
    let photos = 0;
    for (const entry of entries) {
      const own = await drafts.photoCount(entry.id);
      if (!parts.length || parts.at(-1).length === AT_MOST || (photos && photos + own > PHOTOS_AT_MOST)) {
        parts.push([]);
        photos = 0;
      }
      parts.at(-1).push(entry);
      photos += own;
    }
    return parts;
  }

  // The entries whose photos have arrived, as they are sent; what became of the others stands in the results.
  async function ready(entries, csrf, results) {
    const whole = [];
    let lost;
    for (const entry of entries) {
      const hasPhotos = (await drafts.photoCount(entry.id)) > 0;
      try {
        if (hasPhotos && lost) throw lost;
        whole.push(plain(entry, hasPhotos ? await sendPhotos(entry, csrf) : []));
      } catch (error) {
        if (!(error instanceof Refused)) lost = error;
        results.set(entry.id, resultOf(error));
      }
    }
    return whole;
  }

  function resultOf(error) {
    if (error instanceof Refused) return { state: "refused", answer: error.answer };
    return { state: "later", says: (error instanceof Later && error.message) || WAITING };
  }

  async function sendTogether(url, entries) {
    const results = new Map();
    try {
      const { csrf, owner } = await session({ fresh: true });
      if (entries.some((entry) => entry.owner !== owner)) throw new Later("这是登录的时候写的，请先登录，再发。");
      const whole = await ready(entries, csrf, results);
      if (!whole.length) return results;
      const body = JSON.stringify({ entries: whole, sent_at: new Date().toISOString() });
      for (const { id, result, message, errors, url: place, entry_id } of (await post(url, body, csrf, 60000)).results) {
        if (result !== "refused") await drafts.drop(id);
        const sent = { state: "sent", url: place, says: message, isHeld: result === "conflict" };
        results.set(id, result === "refused" ? { state: "refused", answer: { errors, entry_id } } : sent);
      }
    } catch (error) {
      if (entries.length > 1 && (error instanceof Broken || error instanceof Refused)) {
        for (const entry of entries) (await sendTogether(url, [entry])).forEach((result, id) => results.set(id, result));
        return results;
      }
      entries.forEach(({ id }) => results.has(id) || results.set(id, resultOf(error)));
    }
    return results;
  }

  function plain({ id, at, fields }, photos) {
    const said = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
    for (const photo of photos) said[fieldOf(photo)] = [said[fieldOf(photo)], photo.id].filter(Boolean).join(",");
    return { id, happened_at: new Date(at).toISOString(), fields: said };
  }

  const fieldOf = ({ field }) => field || "photos";

  function bodyOf(entry, photos) {
    const body = new FormData();
    body.append("entry_id", entry.id);
    body.append("step", entry.step);
    entry.fields.forEach(({ name, value }) => body.append(name, value));
    photos.forEach((photo) => body.append(fieldOf(photo), photo.id));
    return body;
  }

  // Those of pickers that were shown when the whole was given to be sent.
  async function sendPhotos({ id, pictured }, csrf) {
    const photos = (await drafts.photosOf(id)).filter((photo) => !pictured || pictured.includes(fieldOf(photo)));
    for (const photo of photos) await sendPhoto(photo, csrf);
    return photos;
  }

  async function sendPhoto(photo, csrf) {
    if (photo.id && Date.now() - photo.at < HOUR) return;
    const place = meta("lz-uploads");
    if (photo.id) {
      // Photos nobody has used are cleared away after some time: ask, and send it once more where it is gone.
      const known = await call(`${place}${photo.id}/state`, {}, 15000);
      if (known.ok) return;
      if (known.status !== 404 && known.status !== 410) throw new Later();
      await drafts.dropPhoto(photo.uid);
      photo.uid = drafts.newId();
    }
    const body = new FormData();
    body.append("uid", photo.uid);
    body.append("file", photo.blob, photo.name);
    const answer = await post(place, body, csrf, 120000, fieldOf(photo));
    Object.assign(photo, { id: answer.id, at: Date.now() });
    await drafts.putPhoto(photo);
  }

  async function post(url, body, csrf, patience, field = "__all__") {
    const headers = { Accept: "application/json", "X-CSRFToken": csrf };
    if (typeof body === "string") headers["Content-Type"] = "application/json";
    const answer = await call(url, { method: "POST", body, headers }, patience);
    const said = await answer.json().catch(() => null);
    if (answer.ok && said) return said;
    if (answer.status >= 500) throw new Broken(said?.message);
    if (answer.ok || GONE_WRONG[answer.status]) throw new Later(said?.message || GONE_WRONG[answer.status]);
    throw new Refused(said?.errors ? said : { errors: { [field]: [said?.message || "没有收下，请核对后再发。"] } });
  }

  // ---- All that waits, one after the other -------------------------------------------------------------

  let round;
  let wanted = false;
  let timer;

  // A signal that comes while a round fails gets a round of its own; whoever asks waits for all of it.
  function sendAll() {
    if (!drafts) return Promise.resolve();
    wanted = !!round;
    round = round || sendRounds().finally(() => (round = undefined));
    return round;
  }

  async function sendRounds() {
    do {
      wanted = false;
      try {
        if (navigator.locks) await navigator.locks.request("lz-outbox", { ifAvailable: true }, (lock) => lock && sendEach());
        else await sendEach();
      } catch {
        // The store could not be read; the next round tries again.
      }
      await show();
    } while (wanted);
  }

  const received = [];

  async function sendEach() {
    const waiting = (await drafts.all()).filter(({ state }) => state === "waiting");
    for (const entry of waiting.filter(({ batch }) => !batch)) await file(entry, await send(entry));
    for (const url of new Set(waiting.map(({ batch }) => batch || ""))) {
      const together = url ? waiting.filter(({ batch }) => batch === url) : [];
      for (const part of await partsOf(together)) {
        const results = await sendTogether(url, part);
        for (const entry of part) await file(entry, results.get(entry.id) || { state: "later", says: WAITING });
      }
    }
  }

  async function file(entry, result) {
    if (result.state === "sent") received.push({ ...entry, url: result.url, says: result.says, isHeld: result.isHeld });
    else if (await drafts.get(entry.id)) await put(entry, result);
  }

  async function put(entry, result) {
    const says = result.state === "later" ? result.says : Object.values(result.answer.errors).flat()[0] || "";
    await drafts.put({ ...entry, state: result.state === "later" ? "waiting" : "refused", says });
  }

  // ---- The form in front of us -------------------------------------------------------------------------

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!drafts || !form.matches("form[data-outbox]") || event.submitter?.name) return;
    event.preventDefault();
    if (form.dataset.leaving) return;
    form.dataset.leaving = "1";
    setSending(form, true);
    await Promise.all(pickersOf(form).map((picker) => picker.hold?.()));
    const entry = await drafts.keep(form, "waiting");
    if (!entry) {
      form.submit(); // this device keeps nothing: the plain way
      return;
    }
    navigator.storage?.persist?.().catch(() => {});
    const result = await send(entry);
    if (result.state === "sent") {
      location.assign(result.url);
      return;
    }
    await put(entry, result);
    setSending(form, false);
    if (result.state === "refused") await mend(form, entry, result.answer);
    else setAside(form);
    show();
  }, true);

  const pickersOf = (form) => [...form.querySelectorAll("lz-photos")];

  function setSending(form, sending) {
    document.querySelectorAll(`button[form="${form.id}"]`).forEach((button) => {
      if (sending) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    });
  }

  // It waits in the list above; the page is free for the next one.
  function setAside(form) {
    form.hidden = true;
    document.querySelectorAll(".lz-question-steps, [data-restored]").forEach((part) => (part.hidden = true));
    const next = made("a", "lz-btn lz-btn-wide", "再写一件");
    next.href = `${location.pathname}#new`;
    next.addEventListener("click", () => setTimeout(() => location.reload(), 0));
    form.after(next);
    document.querySelectorAll(`button[form="${form.id}"]`).forEach((button) => (button.hidden = true));
    window.scrollTo(0, 0);
  }

  // The server said why not: the form stays as it was, with the sentences by the fields.
  async function mend(form, entry, answer) {
    const errors = { ...answer.errors };
    if (answer.entry_id) {
      // An earlier sending had arrived after all, and then something was changed: both are kept.
      form.elements.entry_id.value = drafts.newId();
      for (const photo of await drafts.photosOf(entry.id)) {
        await drafts.dropPhoto(photo.uid);
        await drafts.putPhoto({ ...photo, uid: drafts.newId(), id: "", entry: form.elements.entry_id.value });
      }
      await drafts.drop(entry.id);
      const first = entry.batch ? "先前写的已经收到一次。" : "这件事先前已经收到一次，在“我的事”里。";
      errors.__all__ = [`${first}后来改的还在这里，要另报一件就再点提交。`];
    }
    await drafts.refill(form, form.elements.entry_id.value);
    pickersOf(form).forEach((picker) => picker.release?.());
    delete form.dataset.leaving;
    await drafts.keep(form);
    form.dispatchEvent(new CustomEvent("lz:refused", { bubbles: true, detail: { errors } }));
  }

  // ---- Sentences by the fields -------------------------------------------------------------------------------

  function mark(form, errors) {
    const places = [...form.querySelectorAll("[data-error]")];
    const known = new Set(places.map((place) => place.dataset.error));
    const placeless = Object.entries(errors).flatMap(([name, sentences]) => (known.has(name) ? [] : sentences));
    places.forEach((place) => {
      const sentences = [...(errors[place.dataset.error] || []), ...(place.dataset.error === "__all__" ? placeless : [])];
      place.closest(".lz-field")?.classList.toggle("lz-field-wrong", sentences.length > 0);
      place.replaceChildren(
        ...sentences.map((sentence) => {
          const line = document.createElement("p");
          line.className = "lz-error";
          line.textContent = sentence;
          return line;
        }),
      );
    });
    form.querySelectorAll("details:has(.lz-error)").forEach((fold) => (fold.open = true));
    form.querySelector(".lz-error")?.scrollIntoView({ block: "center" });
  }

  document.addEventListener("lz:refused", ({ target, detail }) => mark(target, detail.errors));

  // ---- What waits, on every page of the phone ----------------------------------------------------------

  async function show() {
    let entries = [];
    try {
      entries = drafts ? await drafts.all() : [];
    } catch {
      return;
    }
    const forms = [...document.querySelectorAll("form[data-draft]:not([hidden])")].map((form) => drafts.idOf(form));
    const listed = entries.filter(({ id }) => !forms.includes(id));
    const before = document.getElementById("lz-outbox");
    const section = listed.length || received.length ? list(listed) : null;
    if (before && section) before.replaceWith(section);
    else if (section) document.getElementById("lz-notices")?.after(section);
    else before?.remove();
    clearTimeout(timer);
    if (listed.some(({ state }) => state === "waiting")) timer = setTimeout(sendAll, AGAIN);
  }

  function list(entries) {
    const section = made("section", "lz-card lz-stack-tight");
    section.id = "lz-outbox";
    section.setAttribute("aria-labelledby", "lz-outbox-title");
    section.setAttribute("role", "status");
    const title = made("h2", "", entries.length ? `还有 ${entries.length} 件没有发出` : "都发出去了");
    title.id = "lz-outbox-title";
    section.append(title, ...received.map(receipt), ...entries.map(line));
    return section;
  }

  function receipt(entry) {
    const part = made("p", "", `已经发出：${entry.title || "照片"}${entry.says ? `。${entry.says}` : ""} `);
    if (entry.says && !entry.isHeld) return part;
    const link = made("a", "", entry.isHeld ? "去定" : "看回执");
    link.href = entry.url;
    part.append(link);
    return part;
  }

  function line(entry) {
    const part = made("div", "lz-stack-tight");
    const states = { writing: "没有写完。", waiting: entry.says || "等着发出。", refused: `要改一下再发：${entry.says}` };
    const verbs = made("div", "lz-row");
    if (entry.state === "waiting") verbs.append(button("现在发", sendAll));
    const open = made("a", "lz-btn lz-btn-small", entry.state === "writing" ? "接着写" : "打开改");
    open.href = `${entry.page}#entry=${entry.id}`;
    open.addEventListener("click", () => setTimeout(() => location.pathname === entry.page && location.reload(), 0));
    verbs.append(open, away(entry));
    part.append(made("p", "", entry.title || "只有照片"), made("p", "lz-help", states[entry.state]), verbs);
    return part;
  }

  // Throwing away asks once.
  function away(entry) {
    const asked = button("扔掉", async () => {
      if (asked.dataset.asked) {
        await drafts.drop(entry.id);
        show();
        return;
      }
      asked.dataset.asked = "1";
      asked.textContent = "真的不要了？再点一次";
      asked.classList.add("lz-btn-danger");
    });
    return asked;
  }

  function made(tag, look, words = "") {
    const element = document.createElement(tag);
    element.className = look;
    element.textContent = words;
    return element;
  }

  function button(words, act) {
    const element = made("button", "lz-btn lz-btn-small", words);
    element.type = "button";
    element.addEventListener("click", act);
    return element;
  }

  // ---- Signing out -------------------------------------------------------------------------------------

  // What waits is sent first. What cannot be sent stays on the phone, closed, until the same person signs in again.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-leaves]") || !Number(document.documentElement.dataset.unsent || 0) || form.dataset.asked) return;
    event.preventDefault();
    form.dataset.asked = "1";
    sendFirst(form).catch(() => window.louzhang?.say("没有全部发出。真的要退出，请再点一次。", "error"));
  }, true);

  async function sendFirst(form) {
    await Promise.race([sendAll(), new Promise((done) => setTimeout(done, PATIENCE))]);
    const left = (await drafts.all()).length;
    if (!left) return form.requestSubmit();
    const isClosed = await vault.keyOf(drafts.owner);
    const fate = isClosed ? "退出后封存在这台手机里，别人打不开，您再登录时接着发" : "退出后就删掉了";
    window.louzhang?.say(`还有 ${left} 件没有发出，${fate}。真的要退出，请再点一次。`, "error");
  }

  // Whoever was signed out here (by hand, or a lost phone at the desk) leaves nothing behind that can be read.
  async function forget() {
    const [, marks] = document.cookie.match(/(?:^|; )lz_forget=([\w.]+)/) || [];
    if (!marks) return;
    await drafts?.forget(marks.split(".")).catch(() => {});
    if ("serviceWorker" in navigator) for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
    if (window.caches) for (const name of await caches.keys()) if (name.startsWith("lz-")) await caches.delete(name);
    document.cookie = "lz_forget=; Max-Age=0; Path=/; SameSite=Lax";
  }

  // A receipt on the page: what it is for has arrived, however it was sent.
  async function clearReceived() {
    for (const mark of document.querySelectorAll("[data-draft-done]")) await drafts?.drop(mark.dataset.draftDone);
  }

  // A pocket that is left when its owner works nowhere any more: emptied by whichever page they open next.
  async function lighten() {
    const answer = await call(meta("lz-pocket"), { headers: { Accept: "application/json" } }, 15000);
    const { owner, parts } = answer.ok ? await answer.json() : {};
    if (owner === vault.owner && !Object.keys(parts).length) await vault.emptyPocket(owner);
  }

  async function start() {
    await forget();
    await vault?.clearOld().catch(() => {});
    await clearReceived().catch(() => {});
    if (drafts?.owner && !(await vault.keyOf(drafts.owner))) await session({ fresh: true }).catch(() => {});
    else if (!window.lzPocket && (await vault?.pocket().catch(() => null))) await lighten().catch(() => {});
    const own = drafts ? await drafts.all().catch(() => []) : [];
    document.documentElement.dataset.unsent = own.length || "";
    await show();
    if (own.some(({ state }) => state === "waiting")) sendAll();
    // Whoever works here may lose the signal on any page; of the others, who writes something.
    const worker = drafts?.owner || document.querySelector("form[data-outbox]") ? meta("lz-worker") : "";
    if (worker && "serviceWorker" in navigator) navigator.serviceWorker.register(worker, { scope: "/" }).catch(() => {});
  }

  window.addEventListener("online", sendAll);
  document.addEventListener("visibilitychange", () => document.hidden || sendAll());
  window.addEventListener("load", () => start().catch(() => {}));
  window.lzOutbox = Object.freeze({ mark, session, sendAll });
})();
