// Asks the browser for a passkey, and sends what it answers with the form that holds the question.
"use strict";
const form = document.querySelector("form[data-passkey]");
const told = document.getElementById("passkey-told");

async function ask() {
  told.textContent = told.dataset.wait;
  try {
    const options = JSON.parse(form.dataset.options);
    let answer;
    if (form.dataset.passkey === "create") {
      const made = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
      answer = made.toJSON();
      answer.extensions = JSON.stringify(made.getClientExtensionResults());
    } else {
      const held = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      answer = held.toJSON();
    }
    form.querySelector("input[name=credential]").value = JSON.stringify(answer);
    form.submit();
  } catch (error) {
    told.textContent = told.dataset.failed;
  }
}

if (form) {
  document.getElementById("passkey-again").addEventListener("click", ask);
  ask();
}
