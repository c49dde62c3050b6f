// Checks a package in the browser: the file is read here and sent nowhere.
"use strict";
const [input, proofInput] = ["package", "proof"].map((id) => document.getElementById(id));
const result = document.getElementById("result");
const words = result.dataset;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();
const guides = JSON.parse(words.guides); // VERIFY.md by format
const trusted = JSON.parse(words.keys); // the site's keys that are not compromised
const TAGS = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "manifest-sha256.txt.sig", "allowed_signers", "VERIFY.md", "tagmanifest-sha256.txt"];
// What every payload holds; from the third format on, also a program that checks packages.
const REQUIRED = [
  "data/CITATION.cff", "data/bundle/evidence.csv", "data/bundle/register.json", "data/checkpoint", "data/compare.json", "data/datapackage.json",
  "data/events.jsonl", "data/index.html", "data/methodology.json", "data/proof.json", "data/report.docx", "data/report.pdf",
  "data/ro-crate-metadata.json", "data/scorecard.json", "data/scorecard.xlsx", "data/snapshot.json",
];
const VERIFIER = "data/verify.py";
const FOR_REGISTRIES = ["data/datacite.json", "data/zenodo.json"];
const OLD_FORMATS = ["uptake-snapshot-1", "uptake-snapshot-2"];
// What a payload may hold besides: tables and sign-offs; charts; from the fourth format on, reports in further languages.
const ALLOWED = /^data\/(?:bundle\/(?:[a-z][a-z_]*\.csv|datapackage\.json)|sign-offs\/(?:(?:list|draft)\.json|[1-9][0-9]?\.sig))$/;
const ONE_REPORT = [...OLD_FORMATS, "uptake-snapshot-3"];
const ALLOWED_OF_ONE_REPORT = /^data\/charts\/[a-z][a-z-]*\.[a-z]{2,3}\.svg$/;
const ALLOWED_OF_LANGUAGES = /^data\/(?:(?:bundle\/)?logo\.png|report\.[a-z]{2,3}(?:-[A-Za-z]{2,4})?\.(?:docx|pdf)|charts\/(?:[a-z]{2,3}(?:-[A-Za-z]{2,4})?\/)?[a-z][a-z-]*\.svg)$/;
const PLAIN_NAME = /^[a-z0-9][a-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)+$/;
const [MAX_BYTES, MAX_FILES] = [2 ** 30, 1000];

class Wrong extends Error {}

function say(template, values = {}) {
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function require(condition, message = words.form) {
  if (!condition) throw new Wrong(message);
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = (value >>> 8) ^ CRC[(value ^ byte) & 255];
  return (value ^ 0xffffffff) >>> 0;
}

// Little-endian numbers, each as [value, bytes].
function packed(...numbers) {
  return Uint8Array.from(numbers.flatMap(([value, size]) => Array.from({ length: size }, (_, n) => Math.floor(value / 256 ** n) % 256)));
}

// Files without compression, in order, of 1980, with the rights 0644 of Unix.
function zip(named) {
  const [parts, directory] = [[], []];
  let at = 0;
  for (const [name, content] of named) {
    const facts = packed([0, 2], [0, 2], [0, 2], [33, 2], [crc32(content), 4], [content.length, 4], [content.length, 4], [name.length, 2], [0, 2]);
    parts.push(packed([0x04034b50, 4], [20, 2]), facts, name, content);
    directory.push(packed([0x02014b50, 4], [0x0314, 2], [20, 2]), facts, packed([0, 2], [0, 2], [0, 2], [0o644 * 65536, 4], [at, 4]), name);
    at += 30 + name.length + content.length;
  }
  const listing = joined(...directory);
  const n = named.length;
  return joined(...parts, listing, packed([0x06054b50, 4], [0, 2], [0, 2], [n, 2], [n, 2], [listing.length, 4], [at, 4], [0, 2]));
}

// The folder and the files of a zip, which must be the only zip that holds them.
function unzip(bytes) {
  require(bytes.length <= MAX_BYTES, words.noZip);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const named = [];
  let at = 0;
  while (at + 30 <= bytes.length && view.getUint32(at, true) === 0x04034b50 && named.length < MAX_FILES) {
    const [size, length] = [view.getUint32(at + 18, true), view.getUint16(at + 26, true)];
    const start = at + 30 + length;
    named.push([bytes.subarray(at + 30, start), bytes.subarray(start, start + size)]);
    at = start + size;
  }
  require(named.length, words.noZip);
  require(same(zip(named), bytes));
  const [folders, files, seen] = [new Set(), new Map(), new Set()];
  for (const [name, content] of named) {
    const path = String.fromCharCode(...name);
    require(PLAIN_NAME.test(path) && !path.includes(".."));
    const gap = path.indexOf("/");
    folders.add(path.slice(0, gap));
    files.set(path.slice(gap + 1), content);
    seen.add(path.slice(gap + 1).toLowerCase());
  }
  require(folders.size === 1 && seen.size === named.length);
  return [[...folders][0], files];
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

// Whether anyone can sign for this key: it is one of the few points of small order, or no number of the field.
function isWeak(key) {
  const [field, eighth] = [2n ** 255n - 19n, 0x5fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n];
  const y = BigInt(`0x${hex(Uint8Array.from(key).reverse())}`) % 2n ** 255n;
  return y >= field || [0n, 1n, field - 1n, eighth, field - eighth].includes(y);
}

async function listing(folder, files) {
  const lines = [];
  for (const name of [...files.keys()].sort()) lines.push(`${hex(await digest(files.get(name)))}  ${folder}${name}\n`);
  return encoder.encode(lines.join(""));
}

function wire(key) {
  return joined(counted("ssh-ed25519"), counted(key));
}

function base64(bytes) {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

const SIGNED_HEAD = [counted("uptake-snapshot"), counted(""), counted("sha512")];

// Everything in a package besides its payload.
async function makeTags(face, payload, key, signature) {
  const size = [...payload.values()].reduce((n, content) => n + content.length, 0);
  const blob = joined(encoder.encode("SSHSIG"), new Uint8Array([0, 0, 0, 1]), counted(wire(key)), ...SIGNED_HEAD,
    counted(joined(counted("ssh-ed25519"), counted(signature))));
  const texts = {
    "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
    "bag-info.txt": [`Source-Organization: ${face.origin}`,
      `External-Identifier: https://${face.origin}/${face.register}/reviews/${face.review}/${face.as_of}/`,
      `Bagging-Date: ${face.known_at.slice(0, 10)}`, `Payload-Oxum: ${size}.${payload.size}`, ""].join("\n"),
    "manifest-sha256.txt.sig": ["-----BEGIN SSH SIGNATURE-----", ...base64(blob).match(/.{1,70}/g), "-----END SSH SIGNATURE-----", ""].join("\n"),
    "allowed_signers": `${face.origin} namespaces="uptake-snapshot" ssh-ed25519 ${base64(wire(key))}\n`,
    "VERIFY.md": guides[face.format].replaceAll("{origin}", () => face.origin),
  };
  const tags = new Map(Object.entries(texts).map(([name, text]) => [name, encoder.encode(text)]));
  tags.set("manifest-sha256.txt", await listing("data/", payload));
  return tags.set("tagmanifest-sha256.txt", await listing("", tags));
}

// JSON in one form: names sorted, no spaces.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

// The fields of snapshot.json by kind; those of the last kinds need not be there.
const FIELDS = { string: ["format", "register", "review", "as_of", "known_at", "origin"], number: ["log_position"], boolean: ["reconstructed", "signed_off"] };
const OTHER_FIELDS = ["summary", "summary_ko", "made_with", "translations", "doi"];

// Whether it is a text without half a letter, which no UTF-8 holds.
function isText(value) {
  return typeof value === "string" && !/[\ud800-\udfff]/u.test(value);
}

// Whether it is an object with plain names, whose values all are of a kind.
function isObject(value, isKind) {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    && Object.entries(value).every(([name, inner]) => /^[A-Za-z][A-Za-z0-9_-]*$/.test(name) && isKind(inner));
}

// Whether it is a time of the calendar; the text begins as ISO 8601 writes it to the millisecond.
function isTime(text) {
  const time = new Date(`${text.slice(0, 23)}Z`);
  return !text.startsWith("0000") && !Number.isNaN(time.getTime()) && time.toISOString().slice(0, 23) === text.slice(0, 23);
}

function isFace(face) {
  if (!isObject(face, () => true)) return false;
  const required = Object.entries(FIELDS).flatMap(([kind, names]) => names.map((name) => [kind, name]));
  const { summary = "", summary_ko: korean = "", made_with: packages = {}, translations = {}, doi = "" } = face;
  return required.every(([kind, name]) => Object.hasOwn(face, name) && typeof face[name] === kind)
    && Object.keys(face).every((name) => OTHER_FIELDS.includes(name) || required.some(([, other]) => other === name))
    && isText(summary) && isText(korean) && isText(doi) && isObject(packages, isText) && isObject(translations, (inner) => isObject(inner, isText))
    && face.register !== "" && face.review !== "" && Number.isInteger(face.log_position) && /^[a-z0-9:][a-z0-9._:-]*$/.test(face.origin)
    && /^\d{4}-\d\d-\d\d$/.test(face.as_of) && isTime(`${face.as_of}T00:00:00.000`)
    && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(face.known_at) && isTime(face.known_at);
}

function readFace(folder, files) {
  const content = files.get("data/snapshot.json") ?? new Uint8Array();
  let [face, right] = [null, false];
  try {
    face = JSON.parse(decoder.decode(content));
    right = isFace(face) && same(encoder.encode(canonical(face)), content) && Object.hasOwn(guides, face.format)
      && folder === `${face.register}_${face.review}_${face.as_of}`;
  } catch {
    // it is no JSON, or is nested too deeply
  }
  require(right, say(words.changed, { file: "data/snapshot.json" }));
  return face;
}

// The root of RFC 9162 over the lines of the public log.
async function rootOf(lines) {
  const peaks = [];
  let size = 0;
  for (const line of lines) {
    const hidden = decoder.decode(line.subarray(0, 8)) === '{"leaf":';
    const leaf = hidden && /^\{"leaf":"([0-9a-f]{64})"\}$/.exec(decoder.decode(line));
    require(!hidden || leaf, words.log);
    let held = leaf
      ? Uint8Array.from(leaf[1].match(/../g), (pair) => parseInt(pair, 16))
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
  const bytes = new Uint8Array(await file.arrayBuffer());
  const [folder, files] = unzip(bytes);
  for (const name of [...TAGS, ...REQUIRED]) require(files.has(name), say(words.missing, { file: name }));
  const [payload, tags] = [new Map(), new Map()];
  for (const [path, content] of files) {
    if (path.startsWith("data/")) payload.set(path.slice(5), content);
    else if (path !== "tagmanifest-sha256.txt") tags.set(path, content);
  }
  await compare(files.get("tagmanifest-sha256.txt"), tags, "tagmanifest-sha256.txt");
  await compare(files.get("manifest-sha256.txt"), new Map([...payload].map(([path, content]) => [`data/${path}`, content])), "manifest-sha256.txt");
  const face = readFace(folder, files);
  const known = [...TAGS, ...REQUIRED, ...(OLD_FORMATS.includes(face.format) ? [] : [VERIFIER]), ...(ONE_REPORT.includes(face.format) ? [] : FOR_REGISTRIES)];
  for (const name of known) require(files.has(name), say(words.missing, { file: name }));
  const drawn = ONE_REPORT.includes(face.format) ? ALLOWED_OF_ONE_REPORT : ALLOWED_OF_LANGUAGES;
  for (const name of files.keys()) require(known.includes(name) || ALLOWED.test(name) || drawn.test(name), say(words.added, { file: name }));
  const blob = fromBase64(decoder.decode(files.get("allowed_signers")).trim().split(" ").pop());
  const signature = fromBase64(decoder.decode(files.get("manifest-sha256.txt.sig")).split("\n").slice(1, -2).join("")).slice(-64);
  const key = blob.slice(-32);
  require(key.length === 32 && !isWeak(key), words.unsigned);
  const made = await makeTags(face, payload, key, signature);
  for (const name of TAGS) require(same(files.get(name), made.get(name)), say(words.changed, { file: name }));
  const order = [...TAGS, ...[...payload.keys()].sort().map((name) => `data/${name}`)];
  require([...files.keys()].join("\n") === order.join("\n"));
  const message = joined(encoder.encode("SSHSIG"), ...SIGNED_HEAD, counted(await digest(files.get("manifest-sha256.txt"), "SHA-512")));
  const signed = await isSigned(key, signature, message);
  require(signed !== false, words.unsigned);
  const size = await checkLog(face, payload, key);
  const print = `SHA256:${base64(await digest(blob)).replace(/=+$/, "")}`;
  const manifest = hex(await digest(files.get("manifest-sha256.txt")));
  const [kind, lead] = signed === null ? ["unable", words.unable] : judgeSigner(print, face.known_at);
  const sentences = [
    lead,
    say(words.good, { n: files.size, register: face.register, review: face.review, as_of: face.as_of, known_at: face.known_at, size }),
    say(words.manifest, { digest: manifest }),
  ];
  return { kind, sentences, named: [face.register, face.review, face.as_of, manifest, hex(await digest(bytes))] };
}

function judgeSigner(print, dated) {
  const key = trusted.find((each) => each.use === "packages" && each.fingerprint === print);
  if (!key) return ["unknown", say(words.theirs, { key: print })];
  if (key.until && dated > key.until) return ["unknown", say(words.replaced, { key: print, until: key.until })];
  return ["genuine", say(words.ours, { key: print })];
}

// The root to which a path of RFC 9162 leads from a leaf; null if the path has not the right length.
async function rootOver(leaf, index, size, path) {
  let [node, last, held] = [index, size - 1n, leaf];
  if (node > last) return null;
  for (const step of path) {
    if (last === 0n) return null;
    if (node & 1n || node === last) {
      held = await digest(joined(new Uint8Array([1]), step, held));
      while (node && !(node & 1n)) [node, last] = [node >> 1n, last >> 1n];
    } else {
      held = await digest(joined(new Uint8Array([1]), held, step));
    }
    [node, last] = [node >> 1n, last >> 1n];
  }
  return last === 0n ? held : null;
}

// Whether a key of this site signed a checkpoint of the log that has the name of the key; null if this browser cannot say.
async function isOurCheckpoint(origin, body, signatures) {
  for (const key of trusted.filter((each) => each.use === "checkpoints")) {
    const [name, id, blob] = key.vkey.split("+", 2).concat(key.vkey.split("+").slice(2).join("+"));
    for (const [signer, signature] of name === origin ? signatures : []) {
      if (signer === name && hex(signature.slice(0, 4)) === id) return isSigned(fromBase64(blob).slice(1), signature.slice(4), encoder.encode(body));
    }
  }
  return false;
}

const NOTE = /^(([^\n]+)\n([1-9][0-9]{0,18})\n([A-Za-z0-9+/]{43}=)\n)\n((?:\u2014 [^ +\n]+ [A-Za-z0-9+/]+={0,2}\n)+)$/;
const PROOF = /^c2sp\.org\/tlog-proof@v1\nextra ([A-Za-z0-9+/]+={0,2})\nindex (0|[1-9][0-9]{0,18})\n((?:[A-Za-z0-9+/]{43}=\n){0,63})\n/;

// What a proof says of a package (https://c2sp.org/tlog-proof): the kind of the verdict, or null if it is that of the package.
async function checkProof(file, named) {
  const text = decoder.decode(await file.slice(0, 2 ** 20).arrayBuffer());
  const found = PROOF.exec(text);
  const note = found && NOTE.exec(text.slice(found[0].length));
  if (!note) return ["proof", words.noProof];
  const [entry, index, path] = [fromBase64(found[1]), BigInt(found[2]), found[3].split("\n").slice(0, -1).map(fromBase64)];
  const [, body, origin, size, root, lines] = note;
  const top = await rootOver(await digest(joined(new Uint8Array([0]), entry)), index, BigInt(size), path);
  if (top === null || base64(top) !== root) return ["proof", words.brokenProof];
  const event = JSON.parse(decoder.decode(entry));
  const { manifest, package: zipped } = event.snapshot ?? {};
  if (event.topic !== "review.frozen" || ![event.register, event.review, event.as_of, manifest, zipped].every((value, n) => value === named[n])) {
    return ["proof", words.otherProof];
  }
  const signatures = lines.split("\n").slice(0, -1).map((line) => [line.split(" ")[1], fromBase64(line.split(" ")[2])]);
  const isOurs = await isOurCheckpoint(origin, body, signatures);
  if (isOurs === null) return [null, words.unable];
  return isOurs ? [null, say(words.proved, { position: index + 1n, size, log: origin })] : ["unproved", say(words.named, { position: index + 1n, size, log: origin })];
}

async function checkBoth(file, proof) {
  let outcome;
  try {
    outcome = await check(file);
  } catch (error) {
    return ["changed", [error instanceof Wrong ? error.message : words.noZip]];
  }
  const { kind, sentences, named } = outcome;
  if (!proof) return [kind, sentences];
  const [worse, sentence] = await checkProof(proof, named).catch(() => ["proof", words.noProof]);
  return worse ? [worse, [sentence, ...sentences]] : [kind, [...sentences, sentence]];
}

// The events are those of the checkpoint, which the same key signed.
async function checkLog(face, payload, key) {
  const events = payload.get("events.jsonl");
  require(!events.length || events.at(-1) === 10, words.log);
  const lines = linesOf(events);
  const body = `${face.origin}\n${lines.length}\n${base64(await rootOf(lines))}\n`;
  const start = `${body}\n— ${face.origin} `;
  const note = decoder.decode(payload.get("checkpoint"));
  const written = note.slice(start.length, -1);
  require(note === `${start}${written}\n` && /^[A-Za-z0-9+/]{91}=$/.test(written) && face.log_position === lines.length, words.log);
  const named = fromBase64(written);
  const id = (await digest(joined(encoder.encode(`${face.origin}\n`), new Uint8Array([1]), key))).slice(0, 4);
  require(base64(named) === written && same(named.slice(0, 4), id) && (await isSigned(key, named.slice(4), encoder.encode(body))) !== false, words.log);
  return lines.length;
}

// Each outcome has a sign, a word and a colour of its own.
function show(kind, sentences) {
  const [first, ...rest] = sentences;
  result.className = `package-verdict verdict-${kind}`;
  const paragraphs = rest.map((text) => Object.assign(document.createElement("p"), { textContent: text }));
  const lead = document.createElement("p");
  const word = document.getElementById(`verdict-${kind}`);
  if (word) lead.append(word.content.cloneNode(true), " ");
  lead.append(first);
  result.replaceChildren(lead, ...paragraphs);
  result.hidden = false;
}

let choices = 0;

async function showOutcome() {
  const [[file], [proof]] = [input.files, proofInput.files];
  choices += 1;
  const choice = choices;
  if (!file) {
    show("wait", [words.alone]);
    result.hidden = !proof;
    return;
  }
  show("wait", [words.wait]);
  const outcome = await checkBoth(file, proof);
  if (choice === choices) show(...outcome); // else another file was chosen in the meantime
}
for (const each of [input, proofInput]) each.addEventListener("change", showOutcome);
document.getElementById("checker").hidden = false;
