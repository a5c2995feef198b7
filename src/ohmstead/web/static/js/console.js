// The few things a page cannot do by itself: tell whether it is live, show what just changed, copy an address.

const live = document.getElementById("live");

function tell(state) {
  if (!live || live.dataset.live === state) return;
  live.dataset.live = state;
  const at = live.querySelector("[data-paused-at]");
  if (at && state === "paused") {
    at.textContent = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }
}

if (live) {
  live.addEventListener("htmx:sse:after:connection", () => tell("on"));
  live.addEventListener("htmx:sse:before:message", () => tell("on"));
  live.addEventListener("htmx:sse:error", () => tell("paused"));
  live.addEventListener("htmx:sse:close", () => tell("paused"));
  live.addEventListener("htmx:sse:before:connection", (event) => {
    if (event.detail.connection.attempt > 0) tell("paused");
  });
  live.addEventListener("reload", () => window.location.reload());
}

// A changed row lights up for a second; the class goes so that the next change lights it up again.
document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.target ?? event.target;
  const element = target?.id ? document.getElementById(target.id) : null;
  if (!element?.matches("[data-glow]")) return;
  element.classList.remove("just-changed");
  void element.offsetWidth;
  element.classList.add("just-changed");
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const said = button.dataset.copied;
  document.getElementById("announcements").textContent = said;
  const label = button.querySelector("span");
  const before = label.textContent;
  label.textContent = said;
  setTimeout(() => { label.textContent = before; }, 2000);
});

// Filters apply as soon as they change; without this script the button does it.
document.addEventListener("change", (event) => {
  if (event.target.matches("form[data-auto] select")) event.target.form.requestSubmit();
});
