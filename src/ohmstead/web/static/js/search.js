// Ctrl-K: the search page as a dialog. Arrow keys walk through the results, Enter opens, Escape closes.

const dialog = document.getElementById("search-dialog");
const input = dialog?.querySelector("input");
const results = dialog?.querySelector(".search-results");
let asked = 0;
let waiting;

function open() {
  if (dialog.open) return;
  dialog.showModal();
  input.select();
  ask();
}

async function ask() {
  const turn = (asked += 1);
  const answer = await fetch(`${dialog.dataset.address}?only=results&q=${encodeURIComponent(input.value)}`);
  const html = answer.ok ? await answer.text() : "";
  if (turn !== asked) return; // a later question is on its way
  results.innerHTML = html; // made and escaped by the server
  mark(results.querySelector(".hit"));
  dialog.dataset.found = input.value;
}

function mark(hit) {
  results.querySelector(".hit.chosen")?.classList.remove("chosen");
  if (!hit) return;
  hit.classList.add("chosen");
  hit.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const hits = [...results.querySelectorAll(".hit")];
  const at = hits.indexOf(results.querySelector(".hit.chosen"));
  mark(hits[Math.max(0, Math.min(hits.length - 1, at + by))]);
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-search]")) return;
    event.preventDefault();
    open();
  });
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    }
    const chosen = results.querySelector(".hit.chosen");
    if (event.key === "Enter" && chosen && dialog.dataset.found === input.value) {
      event.preventDefault();
      window.location.assign(chosen.href);
    }
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
