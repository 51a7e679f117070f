// <lz-map>: Leaflet, loaded on tap (or at once with data-now). A plain ground with outlines; tiles only where a
// setting names them (WGS 84 only). Every map step has a way without the map.
const START = [41.3, 123.77];

class PlaceMap extends HTMLElement {
  connectedCallback() {
    if (this.box) return;
    this.box = this.querySelector(".lz-map-box");
    this.words = this.querySelector(".lz-map-words");
    this.button = this.querySelector("button");
    if (this.dataset.now !== undefined) {
      this.open();
      return;
    }
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.open());
  }

  disconnectedCallback() {
    this.map?.remove();
  }

  async open() {
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
    const start = this.dataset.lat ? [Number(this.dataset.lat), Number(this.dataset.lon)] : START;
    this.map = L.map(this.box, { attributionControl: false, maxZoom: 19 }).setView(start, this.dataset.lat ? 17 : 13);
    if (this.dataset.tiles) this.addTiles(L);
    const bounds = await this.addOutlines(L);
    if (this.dataset.points) await this.addPoints(L, bounds);
    else if (bounds && !this.dataset.lat) this.map.fitBounds(bounds, { padding: [16, 16] });
    if (this.dataset.pin !== undefined) this.startPin(L);
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
      onEachFeature: (shape, drawn) => shape.properties?.name && drawn.bindTooltip(document.createTextNode(shape.properties.name).textContent),
    }).addTo(this.map);
    return layer.getLayers().length ? layer.getBounds() : null;
  }

  async addPoints(L, bounds) {
    const found = await (await fetch(this.dataset.points)).json();
    const group = L.markerClusterGroup ? L.markerClusterGroup({ showCoverageOnHover: false, maxClusterRadius: 48, iconCreateFunction: (cluster) => heap(L, cluster) }) : L.featureGroup();
    found.features.forEach((point) => group.addLayer(marker(L, point)));
    group.addTo(this.map);
    const around = found.features.length ? group.getBounds() : bounds;
    if (around) this.map.fitBounds(around, { padding: [24, 24], maxZoom: 16 });
    if (!found.features.length) this.words.textContent = "列表里的事都没有标位置，请看列表。";
  }

  startPin(L) {
    this.words.textContent = "在地图上点一下出事的地方，可以拖动再调。";
    const given = this.dataset.lat ? L.latLng(Number(this.dataset.lat), Number(this.dataset.lon)) : null;
    if (given) this.pin(L, given);
    this.map.on("click", (event) => this.pin(L, event.latlng));
    this.closest("form")?.addEventListener("lz:placed", ({ detail }) => {
      if (detail.datum === "wgs84" && !detail.pinned) this.map.setView([detail.lat, detail.lon], 17);
    });
  }

  pin(L, at) {
    if (this.mark) this.mark.setLatLng(at);
    else {
      this.mark = L.marker(at, { draggable: true, icon: dot(L, "pin"), alt: "选中的地点" }).addTo(this.map);
      this.mark.on("dragend", () => this.chosen(this.mark.getLatLng()));
    }
    this.chosen(at);
  }

  chosen({ lat, lng }) {
    const form = this.closest("form");
    const values = { lat: lat.toFixed(6), lon: lng.toFixed(6), datum: "wgs84" };
    Object.entries(values).forEach(([name, value]) => {
      const field = form?.elements.namedItem(name);
      if (field) field.value = value;
    });
    this.words.textContent = "地点已选好。";
  }
}

function marker(L, point) {
  const [lon, lat] = point.geometry.coordinates;
  const { title, url, kind } = point.properties;
  const made = L.marker([lat, lon], { icon: dot(L, kind || "plain"), alt: title, title });
  const link = document.createElement("a");
  link.href = url;
  link.textContent = title;
  made.bindPopup(link);
  return made;
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
