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

  class Nearby extends HTMLElement {
    connectedCallback() {
      this.button = this.querySelector("button");
      this.words = this.querySelector("[data-words]");
      if (!("geolocation" in navigator) || this.ready) return;
      this.ready = true;
      this.form = this.closest("form");
      this.button.hidden = false;
      this.button.addEventListener("click", () => this.ask());
      this.form.addEventListener("submit", (event) => this.check(event), true);
    }

    ask() {
      this.button.setAttribute("aria-disabled", "true");
      this.words.textContent = "正在定位……";
      navigator.geolocation.getCurrentPosition(
        (found) => this.found(found.coords),
        (refusal) => this.tell(REFUSALS[refusal.code] || REFUSALS[2]),
        { enableHighAccuracy: true, timeout: 12000, maximumAge: 0 },
      );
    }

    // Phones inside WeChat answer in GCJ-02, browsers elsewhere in WGS 84: the point is given in both.
    there() {
      const isChinese = /MicroMessenger/i.test(navigator.userAgent);
      const { lat, lon, gcjLat, gcjLon } = this.dataset;
      return isChinese ? { lat: Number(gcjLat), lon: Number(gcjLon) } : { lat: Number(lat), lon: Number(lon) };
    }

    found({ latitude, longitude, accuracy }) {
      const away = metres(latitude, longitude, this.there());
      const error = Math.max(5, Math.round(accuracy));
      this.isNear = away <= Number(this.dataset.radius) + accuracy;
      const said = `离这处约 ${Math.round(away)} 米，误差约 ${error} 米。`;
      this.tell(this.isNear ? `${said}算到了。` : `${said}还没有到，走近再看；到不了的写明原因。`);
    }

    tell(words) {
      this.button.removeAttribute("aria-disabled");
      this.words.textContent = words;
    }

    check(event) {
      const way = this.form.querySelector("[name=way]:checked");
      if (way?.value !== "position" || this.isNear) return;
      event.preventDefault();
      event.stopPropagation();
      this.tell("请先点“看看离多远”。定位不到的，填牌上的码，或写明原因。");
      this.button.focus();
    }
  }

  customElements.define("lz-nearby", Nearby);
})();
