// <lz-place>: 用我现在的位置. The position goes into hidden fields with the name of its datum.
const REFUSALS = {
  1: "没有得到位置许可。请改用楼栋选择，或在手机设置里允许使用位置。",
  2: "手机现在找不到位置。请改用楼栋选择，或到窗边再试。",
  3: "定位花的时间太长。请改用楼栋选择，或再试一次。",
};

class PlaceButton extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.words = this.querySelector(".lz-place-words");
    if (!("geolocation" in navigator) || this.ready) return;
    this.ready = true;
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.ask());
    if (this.field("lat").value) this.tell("已经记下一个位置。");
  }

  field(name) {
    return this.querySelector(`input[name=${name}]`);
  }

  tell(words) {
    this.words.textContent = words;
  }

  ask() {
    this.button.setAttribute("aria-disabled", "true");
    this.tell("正在定位……");
    navigator.geolocation.getCurrentPosition(
      (found) => this.found(found.coords),
      (refusal) => this.refused(refusal.code),
      { enableHighAccuracy: true, timeout: 12000, maximumAge: 30000 },
    );
  }

  found({ latitude, longitude, accuracy }) {
    // Phones inside WeChat answer in GCJ-02, browsers elsewhere in WGS 84.
    this.set(latitude, longitude, /MicroMessenger/i.test(navigator.userAgent) ? "gcj02" : "wgs84");
    this.button.removeAttribute("aria-disabled");
    this.tell(accuracy > 200 ? "位置已记下，但不太准。请再选一下楼栋。" : `位置已记下，误差约 ${Math.max(5, Math.round(accuracy))} 米。`);
  }

  refused(code) {
    this.button.removeAttribute("aria-disabled");
    this.tell(REFUSALS[code] || REFUSALS[2]);
  }

  set(lat, lon, datum) {
    this.field("lat").value = lat.toFixed(6);
    this.field("lon").value = lon.toFixed(6);
    this.field("datum").value = datum;
    this.dispatchEvent(new CustomEvent("lz:placed", { bubbles: true, detail: { lat, lon, datum } }));
  }
}

customElements.define("lz-place", PlaceButton);
