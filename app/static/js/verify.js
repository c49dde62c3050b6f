// Checks a package in the browser: the file is read here and sent nowhere.
"use strict";
const input = document.getElementById("package");
const result = document.getElementById("result");
const words = result.dataset;
const decoder = new TextDecoder();
const encoder = new TextEncoder();
// What every package holds, whatever its manifest lists.
const NEEDED = [
  "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "manifest-sha256.txt.sig", "allowed_signers", "VERIFY.md", "tagmanifest-sha256.txt",
  "data/CITATION.cff", "data/bundle/evidence.csv", "data/bundle/register.json", "data/checkpoint", "data/compare.json", "data/datapackage.json",
  "data/events.jsonl", "data/index.html", "data/methodology.json", "data/proof.json", "data/report.docx", "data/report.pdf",
  "data/ro-crate-metadata.json", "data/scorecard.json", "data/scorecard.xlsx", "data/snapshot.json",
];

class Wrong extends Error {}

function say(template, values = {}) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// The files of a zip without compression, by path within its one folder.
function unzip(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) throw new Wrong(words.noZip);
  const files = new Map();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Wrong(words.noZip);
    const [method, packed, size] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const [named, extra, comment] = [28, 30, 32].map((n) => view.getUint16(at + n, true));
    const path = decoder.decode(bytes.subarray(at + 46, at + 46 + named));
    const local = view.getUint32(at + 42, true);
    if (method !== 0 || packed !== size || view.getUint32(local, true) !== 0x04034b50) throw new Wrong(words.noZip);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + size > bytes.length) throw new Wrong(words.noZip);
    files.set(path.slice(path.indexOf("/") + 1), bytes.subarray(start, start + size));
    at += 46 + named + extra + comment;
  }
  return files;
}

async function digest(bytes, kind = "SHA-256") {
  return new Uint8Array(await crypto.subtle.digest(kind, bytes));
}

function hex(bytes) {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function counted(part) {
  const bytes = typeof part === "string" ? encoder.encode(part) : part;
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, bytes.length);
  return joined(length, bytes);
}

function same(a, b) {
  return a.length === b.length && a.every((byte, n) => byte === b[n]);
}

// Each file has its line in the list, and each line its file.
async function compare(listing, files, name) {
  const listed = new Map();
  for (const line of decoder.decode(listing).split("\n").slice(0, -1)) {
    const found = /^([0-9a-f]{64}) {2}(.+)$/.exec(line);
    if (!found || listed.has(found[2])) throw new Wrong(say(words.changed, { file: name }));
    listed.set(found[2], found[1]);
  }
  for (const [path, content] of files) {
    if (listed.get(path) !== hex(await digest(content))) throw new Wrong(say(words.changed, { file: path }));
  }
  for (const path of listed.keys()) {
    if (!files.has(path)) throw new Wrong(say(words.missing, { file: path }));
  }
}

async function isSigned(key, signature, message) {
  try {
    const held = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", held, signature, message);
  } catch {
    return null; // this browser does not know the algorithm
  }
}

async function signedByKey(manifest, armoured, key) {
  const blob = fromBase64(decoder.decode(armoured).split("\n").slice(1, -2).join(""));
  const wire = joined(counted("ssh-ed25519"), counted(key));
  const head = joined(encoder.encode("SSHSIG"), new Uint8Array([0, 0, 0, 1]), counted(wire), counted("uptake-snapshot"), counted(""), counted("sha512"));
  const tail = joined(new Uint8Array([0, 0, 0, 83]), counted("ssh-ed25519"), new Uint8Array([0, 0, 0, 64]));
  if (!same(blob.slice(0, head.length + tail.length), joined(head, tail))) return false;
  const message = joined(encoder.encode("SSHSIG"), counted("uptake-snapshot"), counted(""), counted("sha512"), counted(await digest(manifest, "SHA-512")));
  return isSigned(key, blob.slice(-64), message);
}

// The root of RFC 9162 over the lines of the public log.
async function rootOf(lines) {
  const peaks = [];
  let size = 0;
  for (const line of lines) {
    const text = decoder.decode(line.subarray(0, 9));
    let held = text === '{"leaf":"'
      ? Uint8Array.from(JSON.parse(decoder.decode(line)).leaf.match(/../g), (pair) => parseInt(pair, 16))
      : await digest(joined(new Uint8Array([0]), line));
    for (let place = size; place & 1; place >>= 1) held = await digest(joined(new Uint8Array([1]), peaks.pop(), held));
    peaks.push(held);
    size += 1;
  }
  let root = peaks.pop() ?? (await digest(new Uint8Array()));
  while (peaks.length) root = await digest(joined(new Uint8Array([1]), peaks.pop(), root));
  return root;
}

function linesOf(bytes) {
  const found = [];
  for (let start = 0, end; (end = bytes.indexOf(10, start)) >= 0; start = end + 1) found.push(bytes.subarray(start, end));
  return found;
}

async function check(file) {
  const files = unzip(new Uint8Array(await file.arrayBuffer()));
  for (const name of NEEDED) {
    if (!files.has(name)) throw new Wrong(say(words.missing, { file: name }));
  }
  const [payload, tags] = [new Map(), new Map()];
  for (const [path, content] of files) {
    if (path.startsWith("data/")) payload.set(path, content);
    else if (path !== "tagmanifest-sha256.txt") tags.set(path, content);
  }
  await compare(files.get("tagmanifest-sha256.txt"), tags, "tagmanifest-sha256.txt");
  await compare(files.get("manifest-sha256.txt"), payload, "manifest-sha256.txt");
  const signers = decoder.decode(files.get("allowed_signers"));
  const blob = fromBase64(/ssh-ed25519 (\S+)/.exec(signers)[1]);
  const key = blob.slice(-32);
  const signed = await signedByKey(files.get("manifest-sha256.txt"), files.get("manifest-sha256.txt.sig"), key);
  if (signed === false) throw new Wrong(words.unsigned);
  const note = decoder.decode(files.get("data/checkpoint"));
  const [, size, root] = note.split("\n");
  const lines = linesOf(files.get("data/events.jsonl"));
  const computed = await rootOf(lines);
  if (Number(size) !== lines.length || !same(fromBase64(root), computed)) throw new Wrong(words.log);
  const body = note.slice(0, note.indexOf("\n\n") + 1);
  const held = await isSigned(key, fromBase64(note.trimEnd().split(" ").pop()).slice(4), encoder.encode(body));
  if (held === false) throw new Wrong(words.log);
  const face = JSON.parse(decoder.decode(files.get("data/snapshot.json")));
  const print = `SHA256:${btoa(String.fromCharCode(...(await digest(blob)))).replace(/=+$/, "")}`;
  const known = words.keys.split(" ").includes(print);
  return [
    say(words.good, { n: files.size, register: face.register, review: face.review, as_of: face.as_of, known_at: face.known_at, size }),
    signed === null ? words.unable : known ? say(words.ours, { key: print }) : say(words.theirs, { key: print }),
    say(words.manifest, { digest: hex(await digest(files.get("manifest-sha256.txt"))) }),
  ];
}

function tell(state, sentences) {
  result.className = `note note-${state}`;
  result.replaceChildren(...sentences.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  result.hidden = false;
}

input.addEventListener("change", async () => {
  const [file] = input.files;
  if (!file) return;
  tell("reach", [words.wait]);
  try {
    tell("good", await check(file));
  } catch (error) {
    tell("stale", [error instanceof Wrong ? error.message : words.noZip]);
  }
});
document.getElementById("checker").hidden = false;
