// <lz-photos>: shrink in the browser, send one by one, go on after a lost connection. In a form with data-draft the
// photos are kept in this device (drafts.js) until the whole has been sent.
// Answer of the endpoint: {id, state, thumbnail?} or {message}; `uid` makes a second sending the same as one.
const LONGEST = 1600;
const QUALITY = 0.85;
const WAITS = [2000, 5000, 15000, 30000];
const KEPT = "没有信号。照片已经存在这台手机里，有信号时自动接着传。";

class PhotoPicker extends HTMLElement {
  connectedCallback() {
    if (this.shots) return;
    this.shots = [];
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector(".lz-picker-list");
    this.words = this.querySelector(".lz-picker-words");
    this.most = Number(this.dataset.most) || 9;
    this.input.removeAttribute("name");
    this.classList.add("lz-live");
    this.input.addEventListener("change", () => this.take([...this.input.files]));
    this.online = () => this.next();
    window.addEventListener("online", this.online);
    this.takeGiven();
    this.show();
    this.takeEarly();
  }

  // On a slow line a photo may be chosen before this script has come; taken once the others, drafts too, are there.
  takeEarly() {
    const take = () => this.input.files.length && this.take([...this.input.files]);
    if (document.readyState === "complete") take();
    else window.addEventListener("DOMContentLoaded", take, { once: true });
  }

  disconnectedCallback() {
    window.removeEventListener("online", this.online);
  }

  take(files) {
    const room = this.most - this.shots.length;
    files.slice(0, room).forEach((file) => {
      const shot = { uid: newId(), file, state: "waiting", tries: 0 };
      this.add(shot);
      this.lighten(shot);
    });
    this.input.value = "";
    if (files.length > room) this.tell(`最多 ${this.most} 张，多出的没有加上。`);
    this.show();
    this.next();
  }

  add(shot) {
    const place = document.createElement("li");
    place.className = "lz-shot";
    shot.element = place;
    const drop = button("lz-shot-drop", "");
    drop.append(sign(this.dataset.icons, "x"));
    drop.setAttribute("aria-label", `移除第 ${this.shots.length + 1} 张`);
    drop.addEventListener("click", () => this.drop(shot));
    place.append(this.preview(shot), drop);
    this.list.append(place);
    this.shots.push(shot);
  }

  preview(shot) {
    const pictured = shot.thumbnail || shot.file?.type.startsWith("image/");
    if (!pictured) {
      const name = document.createElement("span");
      name.className = "lz-shot-name";
      name.textContent = shot.file ? shot.file.name : "已上传";
      return name;
    }
    const picture = document.createElement("img");
    picture.alt = `照片 ${this.shots.length + 1}`;
    picture.src = shot.file ? URL.createObjectURL(shot.file) : shot.thumbnail;
    picture.addEventListener("load", () => shot.file && URL.revokeObjectURL(picture.src), { once: true });
    return picture;
  }

  drop(shot) {
    this.forget(shot);
    this.show();
    this.input.focus();
    this.next();
  }

  // All of them go: somebody would rather not show any.
  clear() {
    [...this.shots].forEach((shot) => this.forget(shot));
    this.show();
  }

  forget(shot) {
    shot.request?.abort();
    clearTimeout(shot.timer);
    shot.element.remove();
    this.shots = this.shots.filter((other) => other !== shot);
    if (!this.form) return;
    const { drafts, form } = this;
    Promise.resolve(shot.keeping).then(() => drafts.dropPhoto(shot.uid)).catch(() => {}).then(() => drafts.keepSoon(form));
  }

  next() {
    const shot = this.shots.find((other) => other.state === "waiting");
    if (!shot || this.held || this.shots.some((other) => other.state === "sending")) return;
    if (navigator.onLine) this.send(shot);
    else this.tell(this.form ? KEPT : "没有信号，有信号时自动接着传。请不要关闭页面。");
  }

  // From here on the outbox sends what is left, once it lies on the phone.
  hold() {
    this.held = true;
    this.shots.forEach((shot) => {
      shot.request?.abort();
      clearTimeout(shot.timer);
      if (shot.state === "sending") shot.state = "waiting";
    });
    return Promise.all(this.shots.map(({ keeping }) => keeping));
  }

  release() {
    this.held = false;
    this.next();
  }

  async send(shot) {
    shot.state = "sending";
    this.show();
    const token = await this.token();
    await this.lighten(shot);
    if (!this.shots.includes(shot) || this.held) return;
    const body = new FormData();
    body.append("uid", shot.uid);
    body.append("file", shot.small, shot.file.name);
    const request = new XMLHttpRequest();
    shot.request = request;
    request.open("POST", this.dataset.url);
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("Accept", "application/json");
    request.timeout = 90000;
    request.upload.addEventListener("progress", (event) => this.advance(shot, event));
    request.addEventListener("load", () => this.answered(shot, request));
    request.addEventListener("error", () => this.lost(shot));
    request.addEventListener("timeout", () => this.lost(shot));
    request.send(body);
  }

  // What waits on the phone is kept at once as it was taken, and again once it is small.
  lighten(shot) {
    shot.lightening = shot.lightening || (async () => {
      if (shot.small) return;
      await this.keep(shot);
      shot.small = await shrink(shot.file);
      if (this.shots.includes(shot) && !this.held) await this.keep(shot);
    })();
    return shot.lightening;
  }

  // A page kept for reading without a network holds an old token.
  async token() {
    const session = await window.lzOutbox?.session().catch(() => null);
    return session?.csrf || window.louzhang?.csrfToken() || "";
  }

  advance(shot, event) {
    const bar = shot.element.querySelector("progress");
    if (bar && event.lengthComputable) bar.value = event.loaded / event.total;
  }

  answered(shot, request) {
    if (request.status >= 500) {
      this.lost(shot);
      return;
    }
    const answer = read(request.responseText);
    if (request.status < 300 && answer.id !== undefined) {
      Object.assign(shot, { state: "done", id: answer.id, thumbnail: answer.thumbnail || "" });
      this.keep(shot);
    } else {
      Object.assign(shot, { state: "failed", final: true });
      this.tell(answer.message || "这张照片没有被接收，请换一张。");
    }
    this.show();
    this.next();
  }

  lost(shot) {
    const wait = WAITS[shot.tries] ?? (this.form ? WAITS.at(-1) : undefined);
    shot.tries += 1;
    shot.state = wait === undefined ? "failed" : "waiting";
    if (shot.state === "waiting") {
      this.tell(this.form ? KEPT : "网络不稳，正在重新上传。请不要关闭页面。");
      shot.timer = setTimeout(() => this.next(), wait);
    } else {
      this.tell("有照片没传上去，点照片重试，或移除后再提交。");
      this.next();
    }
    this.show();
  }

  again(shot) {
    Object.assign(shot, { state: "waiting", tries: 0 });
    this.show();
    this.next();
  }

  show() {
    this.shots.forEach((shot) => this.paint(shot));
    const busy = this.shots.some((shot) => shot.state === "sending" || shot.state === "waiting");
    this.toggleAttribute("data-busy", busy);
    const form = this.closest("form");
    form?.toggleAttribute("data-photos-busy", !!form.querySelector("lz-photos[data-busy]"));
    const add = this.querySelector(".lz-picker-add");
    add.hidden = this.shots.length >= this.most;
    add.classList.toggle("lz-wide", this.shots.length === 0);
    this.querySelector(".lz-picker-left").textContent = this.shots.length ? `${this.shots.length} / ${this.most}` : `最多 ${this.most} 张`;
    if (this.shots.length && !busy && this.shots.every((shot) => shot.state === "done")) this.tell(`${this.shots.length} 张都传好了。`);
    if (!this.shots.length) this.tell("");
  }

  paint(shot) {
    const { element, state } = shot;
    element.dataset.state = state;
    element.querySelectorAll("progress, .lz-shot-again, input").forEach((part) => part.remove());
    if (state === "sending" || state === "waiting") {
      const bar = document.createElement("progress");
      bar.setAttribute("aria-label", "上传进度");
      if (state === "waiting") bar.value = 0;
      element.append(bar);
    } else if (state === "failed" && !shot.final) {
      const retry = button("lz-shot-again", "点这里重试");
      retry.addEventListener("click", () => this.again(shot));
      element.prepend(retry);
    } else if (state === "failed") {
      const words = document.createElement("span");
      words.className = "lz-shot-again";
      words.textContent = "没有接收";
      element.prepend(words);
    } else {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: this.dataset.name, value: shot.id });
      element.append(field);
    }
  }

  tell(words) {
    this.words.textContent = words;
  }

  get drafts() {
    return window.lzDrafts;
  }

  get form() {
    return (this.drafts && this.closest("form[data-draft]")) || null;
  }

  keep(shot) {
    if (!this.form) return undefined;
    const { uid, id = "", thumbnail = "", small, file } = shot;
    const row = { uid, id, thumbnail, entry: this.drafts.idOf(this.form), place: this.shots.indexOf(shot), at: Date.now() };
    Object.assign(row, { blob: small || file, isSmall: !!small, name: file.name, field: this.dataset.name });
    this.drafts.keepSoon(this.form);
    shot.keeping = this.drafts.putPhoto(row).catch(() => this.tell("这台手机存不下照片。请不要关闭页面，等照片传完。"));
    return shot.keeping;
  }

  // Photos of a draft that was kept: those still to be sent go on where they stopped.
  refill(rows) {
    this.shots.forEach((shot) => shot.element.remove());
    this.shots = [];
    rows.forEach(({ uid, id, thumbnail, blob, isSmall, name }) => {
      const file = new File([blob], name, { type: blob.type });
      this.add({ uid, id, thumbnail, file, small: isSmall ? blob : undefined, state: id ? "done" : "waiting", tries: 0 });
    });
    this.show();
    this.next();
  }

  takeGiven() {
    const given = [...this.list.querySelectorAll("li[data-id]")].map((shot) => ({
      uid: newId(),
      id: shot.dataset.id,
      thumbnail: shot.querySelector("img")?.getAttribute("src") || "",
    }));
    this.list.replaceChildren();
    given.forEach((shot) => this.add({ ...shot, state: "done", tries: 0 }));
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

function button(look, words) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = look;
  made.textContent = words;
  return made;
}

function sign(sprite, name) {
  const space = "http://www.w3.org/2000/svg";
  const icon = document.createElementNS(space, "svg");
  icon.setAttribute("class", "lz-icon");
  icon.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${sprite}#${name}`);
  icon.append(use);
  return icon;
}

function read(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

async function shrink(file) {
  if (!/^image\/(jpeg|png|webp|heic|heif)$/.test(file.type)) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const small = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return small && (scale < 1 || small.size < file.size) ? small : file;
  } catch {
    return file;
  }
}

customElements.define("lz-photos", PhotoPicker);
