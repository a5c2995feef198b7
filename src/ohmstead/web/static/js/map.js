// The map beside its list: places from one address, changes from the live stream, our world or the operator's tiles.

const element = document.querySelector("[data-map]");
const settings = JSON.parse(element.dataset.map);
const list = document.getElementById("places");
const look = getComputedStyle(document.documentElement);
const colour = (name) => look.getPropertyValue(`--${name}`).trim();
const dark = () => getComputedStyle(document.documentElement).colorScheme.includes("dark");

// What each state looks like: a colour and a shape, so that nobody needs to tell colours apart.
const STATES = {
  available: { colour: colour("available"), shape: "M7 12.5l3.2 3.2L17 9" },
  charging: { colour: colour("charging"), shape: "M13 6l-5 7h4l-1 5 5-7h-4z" },
  faulted: { colour: colour("faulted"), shape: "M12 6.5v7M12 17v.5" },
  unavailable: { colour: colour("offline"), shape: "M7 17L17 7" },
  offline: { colour: colour("offline"), shape: "", hollow: true },
};
const GROUND = dark()
  ? { water: "#0b1520", land: "#16232f", green: "#15291f", block: "#1b2a38", road: "#2a3b4c", line: "#2f4153", text: "#9daab5" }
  : { water: "#d5e3ea", land: "#f4f4ef", green: "#dfeadb", block: "#e9e9e2", road: "#ffffff", line: "#c9d0ca", text: "#566472" };

let places = new Map();
let map;
let selected = "";

function canDraw() {
  try {
    return Boolean(document.createElement("canvas").getContext("webgl2"));
  } catch {
    return false;
  }
}

function withoutMap() {
  element.dataset.state = "none";
  const note = element.querySelector(".map-note");
  note.textContent = settings.words.noMap;
  note.hidden = false;
}

const feature = ([id, name, longitude, latitude, total, free, busy, faulted, offline, state]) => ({
  type: "Feature",
  id,
  geometry: { type: "Point", coordinates: [longitude, latitude] },
  properties: { id, name, total, free, busy, faulted, offline, state },
});
const collection = () => ({ type: "FeatureCollection", features: [...places.values()].map(feature) });

function tileLayers() {
  if (settings.kind === "raster") return [{ id: "ground", type: "raster", source: "ground", paint: { "raster-saturation": -0.5, "raster-opacity": dark() ? 0.5 : 0.9 } }];
  const fill = (id, layer, paint) => ({ id, type: "fill", source: "ground", "source-layer": layer, paint: { "fill-color": paint } });
  const line = (id, layer, paint, width) => ({ id, type: "line", source: "ground", "source-layer": layer, paint: { "line-color": paint, "line-width": width } });
  const label = (id, layer, size) => ({
    id, type: "symbol", source: "ground", "source-layer": layer,
    layout: { "text-field": ["get", "name"], "text-size": size, "text-font": ["Inter"], "symbol-sort-key": ["coalesce", ["get", "rank"], ["get", "min_zoom"], 0] },
    paint: { "text-color": GROUND.text, "text-halo-color": GROUND.land, "text-halo-width": 1.2 },
  });
  // Names of layers: ours first, then those of Protomaps.
  return [
    fill("land", "land", GROUND.land), fill("earth", "earth", GROUND.land), fill("landuse", "landuse", GROUND.green),
    fill("water", "water", GROUND.water), fill("buildings", "buildings", GROUND.block),
    line("roads", "roads", GROUND.road, ["interpolate", ["linear"], ["zoom"], 8, 0.5, 16, 6]),
    line("border", "border", GROUND.line, 0.8), line("boundaries", "boundaries", GROUND.line, 0.8),
    label("city", "city", 12), label("place-names", "places", 12),
  ];
}

function townLayers() {
  if (!settings.town) return [];
  const of = (kind) => ["==", ["get", "kind"], kind];
  const fill = (kind, paint) => ({ id: `town-${kind}`, type: "fill", source: "town", minzoom: 10, filter: of(kind), paint: { "fill-color": paint } });
  const road = (kind, narrow, wide) => ({
    id: `town-${kind}`, type: "line", source: "town", minzoom: 10, filter: of(kind), layout: { "line-cap": "round", "line-join": "round" },
    paint: { "line-color": GROUND.road, "line-width": ["interpolate", ["exponential", 1.6], ["zoom"], 11, narrow, 17, wide] },
  });
  const label = (kind, placement, minzoom) => ({
    id: `town-${kind}-name`, type: "symbol", source: "town", minzoom, filter: ["all", of(kind), ["has", "name"]],
    layout: { "text-field": ["get", "name"], "text-size": 12, "text-font": ["Inter"], "symbol-placement": placement },
    paint: { "text-color": GROUND.text, "text-halo-color": GROUND.land, "text-halo-width": 1.4 },
  });
  return [
    fill("ground", GROUND.land), fill("park", GROUND.green), fill("block", GROUND.block), fill("river", GROUND.water),
    road("street", 0.4, 10), road("avenue", 1.2, 18), road("motorway", 2, 26),
    label("street", "line", 14.5), label("avenue", "line", 13), label("river", "point", 12), label("park", "point", 13), label("quarter", "point", 11),
  ];
}

function placeLayers() {
  const single = ["!", ["has", "point_count"]];
  const symbol = (id, filter, size) => ({
    id, type: "symbol", source: "places", filter,
    layout: {
      "icon-image": ["get", "state"], "icon-size": size, "icon-allow-overlap": true,
      "text-field": ["concat", ["get", "free"], "/", ["get", "total"]], "text-font": ["Inter"], "text-size": 11,
      "text-offset": [0, 1.7], "text-optional": true,
    },
    paint: {
      "text-color": colour("text"), "text-halo-color": colour("card"), "text-halo-width": 1.5,
      "icon-opacity": ["case", ["any", ["==", ["literal", selected], ""], ["==", ["get", "id"], selected]], 1, 0.45],
    },
  });
  return [symbol("places", ["all", single, ["!=", ["get", "id"], selected]], 0.75), symbol("selected", ["all", single, ["==", ["get", "id"], selected]], 1.15)];
}

function style() {
  const sum = (name) => ["+", ["get", name]];
  const ground = settings.kind === "raster"
    ? { type: "raster", tiles: [absolute(settings.tiles)], tileSize: 256, maxzoom: settings.zoomMax }
    : { type: "vector", tiles: [absolute(settings.tiles)], maxzoom: settings.zoomMax };
  const sources = {
    ground,
    places: {
      type: "geojson", data: collection(), cluster: !settings.at, clusterRadius: 48, clusterMaxZoom: 13,
      clusterProperties: { total: sum("total"), free: sum("free"), busy: sum("busy"), faulted: sum("faulted"), offline: sum("offline") },
    },
  };
  if (settings.town) sources.town = { type: "geojson", data: absolute(settings.town) };
  const background = { id: "background", type: "background", paint: { "background-color": GROUND.water } };
  return { version: 8, sources, layers: [background, ...tileLayers(), ...townLayers(), ...placeLayers()] };
}

const absolute = (address) => (address.startsWith("/") ? window.location.origin + address : address);

function addIcons() {
  const side = 64;
  for (const [name, { colour: paint, shape, hollow }] of Object.entries(STATES)) {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.scale(side / 24, side / 24);
    const body = new Path2D(name === "faulted" ? "M12 2.2L22.4 20.6H1.6z" : name === "unavailable" ? "M3 3h18v18H3z" : "M12 2a10 10 0 100 20 10 10 0 000-20z");
    pen.lineJoin = pen.lineCap = "round";
    pen.fillStyle = hollow ? colour("card") : paint;
    pen.strokeStyle = hollow ? paint : colour("card");
    pen.lineWidth = hollow ? 3 : 1.4;
    pen.fill(body);
    pen.stroke(body);
    pen.strokeStyle = colour("card");
    pen.lineWidth = 2;
    if (name === "charging") { pen.fillStyle = colour("card"); pen.fill(new Path2D(shape)); } else if (shape) pen.stroke(new Path2D(shape));
    map.addImage(name, pen.getImageData(0, 0, side, side), { pixelRatio: 2 });
  }
}

// A cluster is a ring that shows the share of free, busy, faulted and offline plugs, with the number of plugs inside.
function ring({ total, free, busy, faulted, offline, point_count: count }) {
  const wrap = document.createElement("button");
  wrap.className = "map-ring";
  wrap.type = "button";
  wrap.setAttribute("aria-label", `${count}: ${free} ${settings.words.of} ${total} ${settings.words.free}`);
  const shares = [[free, "available"], [busy, "charging"], [faulted, "faulted"], [offline, "offline"]];
  const around = 2 * Math.PI * 15;
  let at = 0;
  const arcs = shares.filter(([number]) => number > 0).map(([number, name]) => {
    const length = (number / Math.max(total, 1)) * around;
    const arc = `<circle cx="20" cy="20" r="15" fill="none" stroke="${colour(name)}" stroke-width="6" stroke-dasharray="${length} ${around - length}" stroke-dashoffset="${-at}"/>`;
    at += length;
    return arc;
  });
  wrap.innerHTML = `<svg viewBox="0 0 40 40" aria-hidden="true"><circle cx="20" cy="20" r="18" fill="${colour("card")}"/><g transform="rotate(-90 20 20)">${arcs.join("")}</g><text x="20" y="24" text-anchor="middle">${Number(total)}</text></svg>`;
  return wrap;
}

const rings = new Map();
function drawRings(maplibre) {
  const wanted = new Map();
  for (const { geometry, properties } of map.querySourceFeatures("places")) {
    if (!properties.cluster) continue;
    const key = JSON.stringify([properties.cluster_id, properties.total, properties.free, properties.busy, properties.faulted, properties.offline]);
    if (wanted.has(key)) continue;
    let marker = rings.get(key);
    if (!marker) {
      const button = ring(properties);
      button.addEventListener("click", async () => {
        const zoom = await map.getSource("places").getClusterExpansionZoom(properties.cluster_id);
        map.easeTo({ center: geometry.coordinates, zoom });
      });
      marker = new maplibre.Marker({ element: button }).setLngLat(geometry.coordinates).addTo(map);
    }
    wanted.set(key, marker);
  }
  for (const [key, marker] of rings) if (!wanted.has(key)) marker.remove();
  rings.clear();
  for (const [key, marker] of wanted) rings.set(key, marker);
}

function select(id) {
  if (id === selected || !map?.getLayer("places")) return;
  selected = id;
  for (const layer of placeLayers()) {
    map.setFilter(layer.id, layer.filter);
    map.setPaintProperty(layer.id, "icon-opacity", layer.paint["icon-opacity"]);
  }
  list?.querySelectorAll("[data-place]").forEach((item) => item.classList.toggle("selected", item.dataset.place === id));
  element.dataset.selected = id;
}

function hear() {
  const news = document.getElementById("map-news");
  if (!news) return;
  new MutationObserver(() => {
    for (const row of JSON.parse(news.dataset.places || "[]")) if (places.has(row[0])) places.set(row[0], row);
    map.getSource("places")?.setData(collection());
    element.dataset.turn = news.dataset.turn;
  }).observe(news, { attributes: true, attributeFilter: ["data-turn"] });
}

function whole(maplibre) {
  const bounds = new maplibre.LngLatBounds();
  for (const row of places.values()) bounds.extend([row[2], row[3]]);
  return bounds;
}

async function start() {
  const [maplibre, answer] = await Promise.all([import("../vendor/maplibre-gl.mjs"), fetch(settings.data)]);
  for (const row of (await answer.json()).places) places.set(row[0], row);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const view = settings.at ? { center: settings.at, zoom: 14 } : places.size ? { bounds: whole(maplibre), fitBoundsOptions: { padding: 56, maxZoom: 14 } } : { center: [10, 50], zoom: 3 };
  map = new maplibre.Map({ container: element, style: style(), ...view, attributionControl: false, fadeDuration: calm ? 0 : 150, maxZoom: 18, cooperativeGestures: Boolean(element.dataset.small) });
  map.addControl(new maplibre.AttributionControl({ customAttribution: settings.credit, compact: true }));
  if (!element.dataset.small) map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
  map.on("style.load", addIcons);
  map.on("idle", () => { element.dataset.state = "idle"; });
  map.on("render", () => map.isSourceLoaded("places") && drawRings(maplibre));
  map.on("click", (event) => {
    const [hit] = map.queryRenderedFeatures(event.point, { layers: ["places", "selected"] });
    select(hit?.properties.id ?? "");
    if (hit) document.getElementById(`place-${hit.properties.id}`)?.querySelector("a").focus();
  });
  for (const kind of ["focusin", "mouseover"]) list?.addEventListener(kind, (event) => select(event.target.closest("[data-place]")?.dataset.place ?? selected));
  hear();
}

// A small map waits until somebody looks at it: drawing costs more than the rest of the page.
function whenSeen(begin) {
  if (!element.dataset.small) return begin();
  const watcher = new IntersectionObserver(([entry]) => {
    if (!entry.isIntersecting) return;
    watcher.disconnect();
    begin();
  });
  watcher.observe(element);
}

whenSeen(() => (canDraw() ? start().catch(withoutMap) : withoutMap()));
