// <lz-map>: this file and Leaflet are loaded on tap by shell.js (or at once with data-now). A plain ground with outlines; tiles only where a
// setting names them. Places come and go in WGS 84; over GCJ-02 tiles (data-tile-datum) everything is drawn where those
// show it, and a tap is turned back. Every map step has a way without the map.
const START = [41.3, 123.77];

class PlaceMap extends HTMLElement {
  connectedCallback() {
    if (this.box) return;
    this.box = this.querySelector(".lz-map-box");
    this.words = this.querySelector(".lz-map-words");
    this.button = this.querySelector("button");
    // After a failure the button comes back and tries again.
    this.button.addEventListener("click", () => this.open());
  }

  disconnectedCallback() {
    this.map?.remove();
  }

  async open() {
    if (!this.box.hidden) return;
    this.button.hidden = true;
    this.box.hidden = false;
    this.querySelector(".lz-legend")?.removeAttribute("hidden");
    try {
      await this.load();
      await this.draw();
    } catch {
      this.box.hidden = true;
      this.button.hidden = false;
      this.words.textContent = "地图没有打开。请检查网络再试，或者不用地图，直接选楼栋。";
    }
  }

  async load() {
    const { style, leaflet, cluster, clusterStyle, look } = this.dataset;
    [style, clusterStyle, look].forEach((href) => href && addStyle(href));
    await addScript(leaflet);
    if (cluster) await addScript(cluster);
  }

  async draw() {
    const L = window.L;
    const given = this.given();
    const start = given ? this.shown(given) : START;
    this.map = L.map(this.box, { attributionControl: false, maxZoom: 19 }).setView(start, given ? 17 : 13);
    if (this.dataset.tiles) this.addTiles(L);
    const bounds = await this.addOutlines(L);
    if (this.dataset.points) await this.addPoints(L, bounds);
    else if (bounds && !given) this.map.fitBounds(bounds, { padding: [16, 16] });
    if (this.dataset.pin !== undefined) this.startPin(L, given);
    if (this.dataset.spot !== undefined) L.marker(start, { icon: dot(L, "pin"), alt: this.dataset.spot, title: this.dataset.spot }).addTo(this.map);
  }

  // The position the page came with, or the one its form holds by now: [latitude, longitude] in WGS 84.
  given() {
    const of = (name) => this.closest("form")?.elements.namedItem(name)?.value || this.dataset[name] || "";
    if (!of("lat") || !of("lon")) return null;
    const at = [Number(of("lat")), Number(of("lon"))];
    return of("datum") === "gcj02" ? wgs84Of(at) : at;
  }

  get isShifted() {
    return this.dataset.tileDatum === "gcj02";
  }

  shown(at) {
    return this.isShifted ? gcj02Of(at) : at;
  }

  addTiles(L) {
    L.tileLayer(this.dataset.tiles, { maxZoom: 19 }).addTo(this.map);
    if (this.dataset.credit) L.control.attribution({ prefix: false }).addAttribution(this.dataset.credit).addTo(this.map);
  }

  async addOutlines(L) {
    if (!this.dataset.outlines) return null;
    const shapes = await (await fetch(this.dataset.outlines)).json();
    const layer = L.geoJSON(shapes, {
      style: { className: "lz-outline", weight: 1.5 },
      coordsToLatLng: ([lon, lat]) => L.latLng(this.shown([lat, lon])),
      onEachFeature: (shape, drawn) => shape.properties?.name && drawn.bindTooltip(document.createTextNode(shape.properties.name).textContent),
    }).addTo(this.map);
    return layer.getLayers().length ? layer.getBounds() : null;
  }

  async addPoints(L, bounds) {
    const found = await (await fetch(this.dataset.points)).json();
    const group = L.markerClusterGroup ? L.markerClusterGroup({ showCoverageOnHover: false, maxClusterRadius: 48, iconCreateFunction: (cluster) => heap(L, cluster) }) : L.featureGroup();
    found.features.forEach((point) => group.addLayer(this.marker(L, point)));
    group.addTo(this.map);
    const around = found.features.length ? group.getBounds() : bounds;
    if (around) this.map.fitBounds(around, { padding: [24, 24], maxZoom: 16 });
    if (!found.features.length) this.words.textContent = "列表里的事都没有标位置，请看列表。";
  }

  marker(L, point) {
    const [lon, lat] = point.geometry.coordinates;
    const { title, url, kind } = point.properties;
    const made = L.marker(this.shown([lat, lon]), { icon: dot(L, kind || "plain"), alt: title, title });
    const link = document.createElement("a");
    link.href = url;
    link.textContent = title;
    made.bindPopup(link);
    return made;
  }

  startPin(L, given) {
    this.words.textContent = "在地图上点一下出事的地方，可以拖动再调。";
    if (given) this.pin(L, this.shown(given));
    this.map.on("click", ({ latlng }) => this.pin(L, [latlng.lat, latlng.lng]));
    this.closest("form")?.addEventListener("lz:placed", ({ detail }) => {
      const at = [detail.lat, detail.lon];
      if (!detail.pinned) this.map.setView(this.shown(detail.datum === "gcj02" ? wgs84Of(at) : at), 17);
    });
  }

  pin(L, at) {
    if (this.mark) this.mark.setLatLng(at);
    else {
      this.mark = L.marker(at, { draggable: true, icon: dot(L, "pin"), alt: "选中的地点" }).addTo(this.map);
      this.mark.on("dragend", () => this.chosen(this.mark.getLatLng()));
    }
    this.chosen(this.mark.getLatLng());
  }

  chosen({ lat, lng }) {
    const form = this.closest("form");
    const [north, east] = this.isShifted ? wgs84Of([lat, lng]) : [lat, lng];
    const values = { lat: north.toFixed(6), lon: east.toFixed(6), datum: "wgs84" };
    Object.entries(values).forEach(([name, value]) => {
      const field = form?.elements.namedItem(name);
      if (field) field.value = value;
    });
    form?.dispatchEvent(new Event("input", { bubbles: true }));
    this.words.textContent = "地点已选好。";
  }
}

// The same shift as louzhang/kit/coordinates.py, whose tests hold the published pairs; points are [lat, lon].
const AXIS = 6378245;
const FLAT = 0.00669342162296594323;
const { PI, sin, cos, sqrt, abs } = Math;

function gcj02Of([lat, lon]) {
  if (!(lon > 73.66 && lon < 135.05 && lat > 3.86 && lat < 53.55)) return [lat, lon];
  const [x, y, root] = [lon - 105, lat - 35, sqrt(abs(lon - 105))];
  const waves = ((20 * sin(6 * x * PI) + 20 * sin(2 * x * PI)) * 2) / 3;
  const ripple = (along) => ((20 * sin(along * PI) + 40 * sin((along / 3) * PI)) * 2) / 3;
  const swell = (along, a, b) => ((a * sin((along / 12) * PI) + b * sin((along / 30) * PI)) * 2) / 3;
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves + ripple(y) + swell(y, 160, 320);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves + ripple(x) + swell(x, 150, 300);
  const magic = 1 - FLAT * sin((lat * PI) / 180) ** 2;
  const meridian = (AXIS * (1 - FLAT)) / (magic * sqrt(magic));
  const parallel = (AXIS / sqrt(magic)) * cos((lat * PI) / 180);
  return [lat + (north * 180) / (meridian * PI), lon + (east * 180) / (parallel * PI)];
}

function wgs84Of([lat, lon]) {
  let guess = [lat, lon];
  for (let round = 0; round < 8; round += 1) {
    const [north, east] = gcj02Of(guess);
    guess = [guess[0] - (north - lat), guess[1] - (east - lon)];
  }
  return guess;
}

function dot(L, kind) {
  return L.divIcon({ className: `lz-dot lz-dot-${kind}`, iconSize: [22, 22] });
}

function heap(L, cluster) {
  const count = cluster.getChildCount();
  const size = count < 10 ? 38 : count < 100 ? 46 : 56;
  return L.divIcon({ html: String(count), className: "marker-cluster", iconSize: [size, size] });
}

function addStyle(href) {
  if (document.querySelector(`link[href="${href}"]`)) return;
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  document.head.append(link);
}

const loading = new Map();

function addScript(src) {
  if (!loading.has(src)) {
    loading.set(src, new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = src;
      script.addEventListener("load", done);
      script.addEventListener("error", () => {
        loading.delete(src);
        failed(new Error(src));
      });
      document.head.append(script);
    }));
  }
  return loading.get(src);
}

customElements.define("lz-map", PlaceMap);
