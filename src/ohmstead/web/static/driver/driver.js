// What the drivers' pages cannot do by themselves: be live, slide to start, count down, and keep trying without a connection.

const api = "/api/v1/driver";
const note = document.getElementById("live-note");
const csrf = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
const post = (address, body, headers = {}) =>
  fetch(api + address, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(), ...headers }, body: JSON.stringify(body) });

// The part of the page that changes, as the server renders it.
const live = document.querySelector("[data-live]");
let heardAt = new Date();
let turn = 0;

async function refresh() {
  const mine = ++turn;
  try {
    const answer = await fetch(location.href, { headers: { "X-Part": "live" }, cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    const html = await answer.text();
    if (mine !== turn) return;
    heardAt = new Date();
    note.hidden = true;
    const open = new Set([...live.querySelectorAll("details[open]")].map((each) => each.className));
    if (live.innerHTML !== html) live.innerHTML = html;
    live.querySelectorAll("details").forEach((each) => { each.open ||= open.has(each.className); });
    live.dataset.turn = turn;
    const part = live.firstElementChild;
    if (part?.dataset.go) location.replace(part.dataset.go);
    else if (part && "over" in part.dataset) location.reload();
    else if (part?.dataset.phase === "failed") source?.close();
    count();
  } catch {
    lost();
  }
}

function lost() {
  note.textContent = note.dataset.lost.replace("{time}", heardAt.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }));
  note.hidden = false;
}

let source;
function follow() {
  source?.close();
  source = new EventSource(live.dataset.stream);
  source.onopen = () => { live.dataset.state = "on"; note.hidden = true; };
  source.onmessage = refresh;
  source.onerror = () => {
    live.dataset.state = "paused";
    lost();
    if (source.readyState === EventSource.CLOSED) setTimeout(follow, 5000);
  };
}

if (live?.dataset.stream) follow();
if (live?.dataset.every) setInterval(() => document.hidden || refresh(), live.dataset.every * 1000);
// A phone that slept, or a page that comes back from the browser's memory, shows what is so now.
if (live) {
  for (const event of ["online", "pageshow"]) addEventListener(event, (happened) => (event === "online" || happened.persisted) && wake());
  addEventListener("visibilitychange", () => document.hidden || wake());
}
function wake() {
  refresh();
  if (live.dataset.stream && source.readyState !== EventSource.OPEN) follow();
}

function count() {
  const timer = document.querySelector("[data-until]");
  if (!timer) return;
  const left = Math.max(0, Math.round((Date.parse(timer.dataset.until) - Date.now()) / 1000));
  timer.firstElementChild.textContent = left;
  if (left === 0) refresh();
}
setInterval(count, 1000);

// Start: by the same API that any app uses. The key is the page's, so that two taps are one start.
const begin = document.querySelector("[data-begin]");
let begun = false;
async function start() {
  if (begun) return;
  begun = true;
  const button = begin.querySelector("button");
  button.disabled = true;
  button.querySelector(".words").textContent = button.dataset.busy;
  try {
    const answer = await post("/starts", { plug: begin.dataset.begin }, { "Idempotency-Key": begin.elements.key.value });
    if (answer.status !== 201) return begin.submit(); // the page says why, in full
    location.assign(`/starts/${(await answer.json()).id}`);
  } catch {
    begin.submit();
  }
}

// Slide the knob to the end; by keyboard the button is a button; a tap asks for a second one, so that a pocket starts nothing.
if (begin) {
  const button = begin.querySelector("button");
  const knob = button.querySelector(".knob");
  const words = button.querySelector(".words");
  let from = null;
  let slid = 0;
  let armed = -Infinity; // times of events count from when the page began
  words.textContent = button.dataset.hint;
  button.classList.add("ready");
  const sign = document.dir === "rtl" ? -1 : 1;
  const room = () => button.clientWidth - knob.offsetWidth - 10;
  knob.addEventListener("pointerdown", (event) => { from = event.clientX; slid = 0; knob.setPointerCapture(event.pointerId); });
  knob.addEventListener("pointermove", (event) => {
    if (from === null) return;
    slid = Math.min(room(), Math.max(0, (event.clientX - from) * sign));
    button.style.setProperty("--slid", `${slid * sign}px`);
  });
  for (const kind of ["pointerup", "pointercancel"]) knob.addEventListener(kind, () => {
    if (from === null) return;
    from = null;
    if (slid > room() * 0.85) return start();
    button.style.removeProperty("--slid");
  });
  begin.addEventListener("submit", (event) => event.preventDefault());
  button.addEventListener("click", (event) => {
    event.preventDefault();
    if (event.detail === 0 || event.timeStamp - armed < 5000) return start();
    if (slid > 4) { slid = 0; return; }
    armed = event.timeStamp;
    words.textContent = button.dataset.again;
  });
}

// Stop: said until it is heard.
const stop = document.querySelector("[data-stop][action]");
stop?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = stop.querySelector("button");
  button.disabled = true;
  for (;;) {
    try {
      const answer = await post(stop.dataset.stop.replace(api, ""), {});
      if (answer.status >= 500) throw new Error(answer.status);
      if (!answer.ok) return stop.submit();
      note.hidden = true;
      await refresh();
      button.disabled = false;
      return;
    } catch {
      note.textContent = note.dataset.stop;
      note.hidden = false;
      await pause(3);
    }
  }
});
