// The button that lets this browser be woken; without push in the browser it says so instead.
const button = document.querySelector("#push-on");
const said = document.querySelector("#push-said");

function bytes(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat((4 - (text.length % 4)) % 4);
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
}

async function turnOn() {
  const registration = await navigator.serviceWorker.register(button.dataset.worker);
  const subscription = await registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(button.dataset.key),
  });
  const answer = await fetch(button.dataset.url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value },
    body: JSON.stringify(subscription),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  location.reload();
}

if ("serviceWorker" in navigator && "PushManager" in window) {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    turnOn().catch(() => {
      button.disabled = false;
      said.textContent = button.dataset.failed;
    });
  });
} else {
  said.textContent = button.dataset.none;
}
