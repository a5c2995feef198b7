// Passkeys: the form says what the server asks (data-options, or data-options-url to fetch it); what the authenticator
// answers goes into its field `credential`, and the form is sent. Without this script the buttons stay hidden.

const offered = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

async function optionsOf(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const headers = { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" };
  const answer = await fetch(form.dataset.optionsUrl, { headers });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return (await answer.json()).request_options;
}

function ask(form, { publicKey }) {
  if (form.dataset.passkey === "create") {
    const wish = { ...publicKey, authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" } };
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(wish) });
  }
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
}

function tell(form, words) {
  const place = form.querySelector("[role=alert]");
  place.textContent = words;
  place.hidden = false;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.querySelector("button").hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!offered) return tell(form, form.dataset.none);
    try {
      const credential = await ask(form, await optionsOf(form));
      form.elements.credential.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch (error) {
      tell(form, error.name === "SecurityError" ? form.dataset.none : form.dataset.failed);
    }
  });
}
