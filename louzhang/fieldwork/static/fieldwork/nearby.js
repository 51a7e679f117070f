// <lz-nearby>: how far this phone is from a point. It compares here, in its own memory: the position is neither
// sent nor kept anywhere; what is sent says "by position" and nothing else.
(() => {
  "use strict";

  const EARTH = 6371008.8;
  const REFUSALS = {
    1: "没有得到位置许可。请填牌上的码，或写明原因。",
    2: "手机现在找不到位置。请填牌上的码，或写明原因。",
    3: "定位花的时间太长。请再试一次，或填牌上的码。",
  };

  function metres(lat, lon, there) {
    const radians = (degrees) => (degrees * Math.PI) / 180;
    const [dLat, dLon] = [radians(there.lat - lat), radians(there.lon - lon)];
    const a = Math.sin(dLat / 2) ** 2 + Math.cos(radians(lat)) * Math.cos(radians(there.lat)) * Math.sin(dLon / 2) ** 2;
    return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(a)));
  }

  const NOWHERE = "这处没有登记位置，请填牌上的码，或写明原因。";
  const UNABLE = "这个浏览器不能比对位置，请填牌上的码，或写明原因。";
  const FIRST = "请先选是哪一处。";

  class Nearby extends HTMLElement {
    connectedCallback() {
      if (this.ready) return;
      this.ready = true;
      this.button = this.querySelector("button");
      this.words = this.querySelector("[data-words]");
      this.form = this.closest("form");
      this.button.addEventListener("click", () => this.ask());
      // Before whatever else hears of it: what waits for a signal is given to be sent while the event goes down.
      window.addEventListener("submit", (event) => this.check(event), true);
      if (this.dataset.spots) this.form.elements.row.addEventListener("change", () => this.look());
      this.look();
    }

    // Where the chosen point is: on the page of one point its own data, else of the list of all of them.
    spot() {
      if (!this.dataset.spots) return this.dataset;
      this.spots ??= JSON.parse(document.getElementById(this.dataset.spots).textContent);
      const spot = this.spots[this.form.elements.row.value];
      return spot && { ...spot, gcjLat: spot.gcj_lat, gcjLon: spot.gcj_lon };
    }

    look() {
      this.isNear = false;
      this.button.hidden = Boolean(this.hindrance());
      this.tell(this.hindrance());
    }

    hindrance() {
      if (!("geolocation" in navigator)) return UNABLE;
      if (this.spot()) return "";
      return this.form.elements.row.value ? NOWHERE : FIRST;
    }

    ask() {
      const row = this.form.elements.row?.value;
      this.button.setAttribute("aria-disabled", "true");
      this.words.textContent = "正在定位……";
      navigator.geolocation.getCurrentPosition(
        (found) => this.form.elements.row?.value === row && this.found(found.coords),
        (refusal) => this.tell(REFUSALS[refusal.code] || REFUSALS[2]),
        { enableHighAccuracy: true, timeout: 12000, maximumAge: 0 },
      );
    }

    // Phones inside WeChat answer in GCJ-02, browsers elsewhere in WGS 84: the point is given in both.
    there() {
      const isChinese = /MicroMessenger/i.test(navigator.userAgent);
      const { lat, lon, gcjLat, gcjLon } = this.spot();
      return isChinese ? { lat: Number(gcjLat), lon: Number(gcjLon) } : { lat: Number(lat), lon: Number(lon) };
    }

    found({ latitude, longitude, accuracy }) {
      const away = metres(latitude, longitude, this.there());
      const error = Math.max(5, Math.round(accuracy));
      this.isNear = away <= Number(this.spot().radius) + accuracy;
      const said = `离这处约 ${Math.round(away)} 米，误差约 ${error} 米。`;
      this.tell(this.isNear ? `${said}算到了。` : `${said}还没有到，走近再看；到不了的写明原因。`);
    }

    tell(words) {
      this.button.removeAttribute("aria-disabled");
      this.words.textContent = words;
    }

    check(event) {
      if (event.target !== this.form || this.isNear || this.closest("[hidden]")) return;
      event.preventDefault();
      event.stopPropagation();
      this.tell(this.hindrance() || "请先点“看看离多远”。定位不到的，填牌上的码，或写明原因。");
      (this.button.hidden ? this.form.querySelector('[value="code"]') : this.button).focus();
    }
  }

  customElements.define("lz-nearby", Nearby);
})();
