// What somebody is writing in a form with data-draft, kept in this device until it has been sent or thrown away:
// words, choices and photos in IndexedDB, under an id made here. Names, phones and doors (data-private, or fields
// the browser completes by itself) are kept only from the moment the whole was given to be sent (outbox.js).
(() => {
  "use strict";

  const vault = window.lzVault;
  if (!vault) return;
  const { owner, read, write } = vault;
  const WAIT = 300;

  // ---- The store: what a signed-in person wrote lies in it sealed ---------------------------------------

  const rowsOf = async (mark) => (await read("entries", (rows) => rows.getAll())).filter((row) => row.owner === mark);
  const dropPhoto = (uid) => write("photos", (rows) => rows.delete(uid));

  async function opened(row) {
    return row?.sealed ? { ...row, ...(await vault.unsealWords(row.owner, row.sealed)), sealed: undefined } : row;
  }

  const isOpen = (row) => row && (!row.sealed || row.fields);

  async function get(id) {
    const row = await opened(await read("entries", (rows) => rows.get(id)));
    return isOpen(row) ? row : undefined;
  }

  async function all() {
    const own = await Promise.all((await rowsOf(owner)).map(opened));
    return own.filter((entry) => entry.fields).sort((one, other) => one.at - other.at);
  }

  async function put(entry) {
    const { id, owner: mark, state, at, ...words } = entry;
    const sealed = await vault.sealWords(mark, words);
    await write("entries", (rows) => rows.put(sealed ? { id, owner: mark, state, at, sealed } : entry));
  }

  const photoCount = (id) => read("photos", (rows) => rows.index("entry").count(id));
  const photoRows = (id) => read("photos", (rows) => rows.index("entry").getAll(id));

  async function photosOf(id) {
    const shown = await Promise.all((await photoRows(id)).map(openedPhoto));
    return shown.filter(Boolean).sort((one, other) => one.place - other.place);
  }

  async function openedPhoto(row) {
    if (!row.sealed) return row;
    const bytes = await vault.unseal(row.owner, row.sealed).catch(() => null);
    return bytes && { ...row, blob: new Blob([bytes], { type: row.type }), sealed: undefined };
  }

  async function putPhoto(photo) {
    const { blob, ...plain } = photo;
    const sealed = blob && (await vault.seal(owner, await blob.arrayBuffer()));
    const row = sealed ? { ...plain, thumbnail: "", name: "照片", owner, type: blob.type, sealed } : photo;
    await write("photos", (rows) => rows.put(row));
  }

  async function drop(id) {
    for (const photo of await photoRows(id)) await dropPhoto(photo.uid);
    await write("entries", (rows) => rows.delete(id));
  }

  // What was written before the key came is sealed as soon as it is there.
  async function sealAll() {
    for (const row of await rowsOf(owner)) {
      if (row.sealed) continue;
      for (const photo of await photoRows(row.id)) if (!photo.sealed) await putPhoto(photo);
      await put(row);
    }
  }

  // Of a person who is signed out here: what is sealed stays closed until they sign in again; what could not be
  // sealed on this phone goes.
  async function forget(marks) {
    for (const mark of marks) {
      for (const row of await rowsOf(mark)) if (!row.sealed) await drop(row.id);
      await vault.lock(mark);
    }
  }

  // ---- From a form -------------------------------------------------------------------------------------

  const idOf = (form) => form.elements.entry_id.value;
  const isPrivate = (field) => !!field.closest("[data-private]") || field.hasAttribute("autocomplete");
  const isText = (field) => field.matches("textarea, input[type=text], input[type=tel]");
  const SKIPPED = ["csrfmiddlewaretoken", "entry_id", "step", "photos"];

  function kept(form) {
    return [...form.elements].filter((field) => {
      if (!field.name || SKIPPED.includes(field.name) || field.matches("button, fieldset, [type=file]")) return false;
      if (field.closest("lz-photos")) return false;
      return !field.matches("[type=radio], [type=checkbox]") || field.checked;
    });
  }

  function labelOf(field) {
    if (field.dataset.label) return field.dataset.label;
    if (field.tagName === "SELECT") return field.selectedOptions[0]?.textContent.trim() || "";
    return field.matches("[type=radio], [type=checkbox]") ? field.closest("label")?.textContent.trim() || "" : "";
  }

  function isChanged(field) {
    if (isText(field)) return field.value.trim() !== "" && field.value !== field.defaultValue;
    if (field.tagName === "SELECT") return !!field.value && !field.selectedOptions[0]?.defaultSelected;
    return field.matches("[type=radio], [type=checkbox]") && field.checked !== field.defaultChecked;
  }

  // The pickers whose photos go along: not those that another choice has put away. A step that was passed still counts.
  const livePickers = (form) => [...form.querySelectorAll("lz-photos")].filter((picker) => !picker.closest("[data-only][hidden], [data-when][hidden]"));

  function snapshot(form, state = "writing") {
    const fields = kept(form).filter((field) => state !== "writing" || !isPrivate(field));
    const withheld = kept(form).filter((field) => state === "writing" && isPrivate(field) && isText(field) && field.value);
    const words = form.querySelector("textarea")?.value.trim() || "";
    return {
      id: idOf(form), kind: form.dataset.draft, owner, state, says: "", at: Date.now(),
      action: form.getAttribute("action") || location.pathname, page: location.pathname,
      batch: form.dataset.batch || "", title: form.dataset.title || words.slice(0, 40), step: Number(form.elements.step?.value) || 1,
      pictured: livePickers(form).map(({ dataset }) => dataset.name),
      fields: fields.map((field) => ({ name: field.name, value: field.value, label: labelOf(field) })),
      withheld: withheld.length,
    };
  }

  // Write down how the form stands; an untouched form leaves nothing. Tells when this device cannot keep it.
  async function keep(form, state = "writing") {
    clearTimeout(form.draftTimer);
    const entry = snapshot(form, state);
    try {
      const touched = [...form.elements].some((field) => field.name && isChanged(field));
      if (state !== "writing" || touched || (await photosOf(entry.id)).length) await put(entry);
      else await drop(entry.id);
      return entry;
    } catch {
      if (!form.dataset.unkept) window.louzhang?.say("这台手机存不下草稿。请不要关掉这一页，写完直接提交。", "error");
      form.dataset.unkept = "1";
      return null;
    }
  }

  function keepSoon(form) {
    if (form.dataset.leaving) return;
    clearTimeout(form.draftTimer);
    form.draftTimer = setTimeout(() => keep(form), WAIT);
  }

  // ---- Into a form -------------------------------------------------------------------------------------

  function setValue(form, { name, value }) {
    const controls = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    for (const control of controls) {
      if (control.matches("[type=radio], [type=checkbox]")) {
        if (control.value === value) return (control.checked = true);
      } else if (control.tagName !== "SELECT" || [...control.options].some((option) => option.value === value)) {
        control.value = value;
        return true;
      }
    }
    return false;
  }

  // A choice whose list is not on the page (no signal to fetch it) goes along as it was chosen.
  function carry(form, field) {
    const place = form.querySelector(`[data-carries~="${CSS.escape(field.name)}"]`) || form;
    const line = document.createElement("p");
    line.className = "lz-help";
    line.dataset.carried = field.name;
    line.textContent = field.label ? `已选好：${field.label}` : "";
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name: field.name, value: field.value });
    input.dataset.label = field.label;
    line.append(input);
    place.append(line);
    return place;
  }

  function uncarry(form, name) {
    form.querySelectorAll(`[data-carried="${CSS.escape(name)}"]`).forEach((line) => line.remove());
  }

  async function restore(form, entry) {
    form.elements.entry_id.value = entry.id;
    const carried = entry.fields.filter((field) => field.value && !setValue(form, field)).map((field) => carry(form, field));
    await refill(form, entry.id);
    form.dispatchEvent(new Event("change", { bubbles: true }));
    form.dispatchEvent(new CustomEvent("lz:restored", { bubbles: true, detail: { step: entry.step } }));
    form.querySelectorAll("textarea").forEach((field) => field.value && field.dispatchEvent(new Event("input", { bubbles: true })));
    if (navigator.onLine) new Set(carried).forEach((place) => place !== form && place.dispatchEvent(new CustomEvent("lz:step")));
    sayRestored(form, entry);
    if (entry.state !== "writing") await keep(form); // opened to be changed: it does not go out meanwhile
  }

  // Each picker gets back the photos that were taken in it.
  async function refill(form, id) {
    const photos = await photosOf(id);
    if (photos.length) await customElements.whenDefined("lz-photos");
    for (const picker of form.querySelectorAll("lz-photos")) {
      const own = photos.filter(({ field }) => (field || "photos") === picker.dataset.name);
      if (own.length) picker.closest("details")?.setAttribute("open", "");
      if (own.length || picker.shots?.length) picker.refill(own);
    }
  }

  function sayRestored(form, entry) {
    const line = document.createElement("div");
    line.className = "lz-notice";
    line.dataset.restored = "";
    line.setAttribute("role", "status");
    const words = document.createElement("p");
    const again = entry.withheld ? "电话、称呼和门牌没有存在手机里，请再填一次。" : "";
    words.textContent = `上次没写完的内容还在，已经填好了。${again}`;
    const away = document.createElement("button");
    Object.assign(away, { type: "button", className: "lz-btn lz-btn-small", textContent: "不要了，从头写" });
    away.addEventListener("click", async () => {
      form.dataset.leaving = "1";
      await drop(entry.id);
      history.replaceState(null, "", `${location.pathname}${location.search}`);
      location.reload();
    });
    line.append(words, away);
    form.before(line);
  }

  // The one asked for by the address, else the last one nobody has finished; "#new" is a clean sheet.
  async function wanted(form) {
    const [, asked] = location.hash.match(/^#entry=([\w-]+)$/) || [];
    const own = (await all()).filter((entry) => entry.kind === form.dataset.draft);
    if (asked) return own.find((entry) => entry.id === asked);
    return location.hash === "#new" ? undefined : own.filter((entry) => entry.state === "writing").pop();
  }

  async function begin(form) {
    if (form.draftBegun || !form.elements.entry_id) return;
    form.draftBegun = true;
    if (form.dataset.typed !== undefined) return; // the server gives back what was typed, with its id
    await window.lzPocket?.filled;
    form.elements.entry_id.value = newId(); // the page may have been kept without a network: its own id is not new
    try {
      const entry = await wanted(form);
      if (entry) await restore(form, entry);
    } catch {
      // Nothing can be kept here; the form works as it is, and keep() says so when something is typed.
    }
  }

  function newId() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  // ---- Watching ----------------------------------------------------------------------------------------

  const draftOf = (target) => target.closest?.("form[data-draft]");

  ["input", "change"].forEach((name) => document.addEventListener(name, (event) => {
    const form = draftOf(event.target);
    if (!form) return;
    if (name === "change" && event.target.name) uncarry(form, event.target.name);
    keepSoon(form);
  }));

  // Lists that arrive later take over what was carried for them.
  document.addEventListener("htmx:afterSwap", ({ target }) => {
    const form = draftOf(target);
    form?.querySelectorAll("[data-carried]").forEach((line) => {
      const { name, value } = line.querySelector("input");
      line.remove();
      if (!setValue(form, { name, value })) carry(form, { name, value, label: line.querySelector("input").dataset.label });
    });
  });

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) return;
    document.querySelectorAll("form[data-draft]").forEach((form) => form.draftTimer && !form.dataset.leaving && keep(form));
  });

  const start = () => document.querySelectorAll("form[data-draft]").forEach(begin);
  document.addEventListener("DOMContentLoaded", start); // after htmx, which must hear what a draft asks for

  window.lzDrafts = Object.freeze({ all, drop, dropPhoto, forget, get, idOf, keep, keepSoon, newId, owner, photoCount, photosOf, put, putPhoto, refill, sealAll });
})();
