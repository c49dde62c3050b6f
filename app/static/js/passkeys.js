// Asks the browser for a passkey, and sends its answer with the form that holds the question. Where the browser cannot
// use passkeys, the page says so in place of a button.
"use strict";
const form = document.querySelector("form[data-passkey]");
const start = document.querySelector("form[data-passkey-start]");
const message = document.getElementById("passkey-told");
const again = document.getElementById("passkey-again");
const unsupported = document.getElementById("passkey-unsupported");
const isSupported = Boolean(window.PublicKeyCredential && navigator.credentials);

function bytes(text) {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function described(list) {
  return (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
}

async function create(options) {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: described(options.excludeCredentials),
  };
  const passkey = await navigator.credentials.create({ publicKey });
  const response = {
    clientDataJSON: text(passkey.response.clientDataJSON),
    attestationObject: text(passkey.response.attestationObject),
    transports: passkey.response.getTransports?.() ?? [],
  };
  return { ...named(passkey), response, extensions: JSON.stringify(passkey.getClientExtensionResults()) };
}

async function get(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials) };
  const passkey = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = passkey.response;
  const response = { clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature) };
  if (userHandle) response.userHandle = text(userHandle);
  return { ...named(passkey), response, clientExtensionResults: {} };
}

function named(passkey) {
  return { id: passkey.id, rawId: text(passkey.rawId), type: passkey.type };
}

async function ask() {
  again.hidden = true;
  message.textContent = message.dataset.wait;
  try {
    const answer = await (form.dataset.passkey === "create" ? create : get)(JSON.parse(form.dataset.options));
    form.querySelector("input[name=credential]").value = JSON.stringify(answer);
    form.submit();
  } catch (error) {
    message.textContent = error.name === "InvalidStateError" ? message.dataset.known : message.dataset.failed;
    again.hidden = false;
  }
}

if (!isSupported && unsupported) {
  unsupported.hidden = false;
} else if (isSupported && start) {
  start.hidden = false;
} else if (isSupported && form) {
  again.addEventListener("click", ask);
  ask();
}
