// <lz-alarm data-count>: a sound until urgent orders are taken. Browsers allow sound only after a gesture, so the
// button says whether it is on; muting is remembered on this machine for the day.
const EVERY = 8000;
const KEY = "lz:alarm:muted";
const today = () => new Date().toDateString();

let sound = null;
let timer = null;

class Alarm extends HTMLElement {
  static observedAttributes = ["data-count"];

  connectedCallback() {
    this.button = this.querySelector("button");
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.toggle());
    document.addEventListener("pointerdown", wake, { once: true });
    document.addEventListener("keydown", wake, { once: true });
    this.follow();
  }

  disconnectedCallback() {
    clearInterval(timer);
  }

  attributeChangedCallback() {
    if (this.button) this.follow();
  }

  get muted() {
    return localStorage.getItem(KEY) === today();
  }

  toggle() {
    if (this.muted) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, today());
    wake();
    this.follow();
  }

  follow() {
    clearInterval(timer);
    const words = this.muted ? "提示音关" : "提示音开";
    this.button.querySelector("span").textContent = words;
    this.button.setAttribute("aria-pressed", String(!this.muted));
    this.classList.toggle("lz-alarm-muted", this.muted);
    if (this.muted || !Number(this.dataset.count)) return;
    beep();
    timer = setInterval(beep, EVERY);
  }
}

function wake() {
  sound = sound || new AudioContext();
  sound.resume();
}

function beep() {
  if (!sound || sound.state !== "running") return;
  [0, 0.22].forEach((after) => {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    const at = sound.currentTime + after;
    tone.frequency.value = 880;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.18);
    tone.connect(volume).connect(sound.destination);
    tone.start(at);
    tone.stop(at + 0.2);
  });
}

customElements.define("lz-alarm", Alarm);
