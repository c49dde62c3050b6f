"""Checks a frozen review of Uptake: python3 verify.py PACKAGE.zip [--key KEY]. Needs Python 3.8 or newer, nothing else.

KEY is the publisher's public key as it shows it elsewhere: a line "ssh-ed25519 AAAA…", a verifier key (C2SP), the
fingerprint "SHA256:…", or a file with one of them. Ends with 0 if the package is genuine, with 3 if it is intact but
its signer is unknown, with 1 if it was changed or is no package, and with 2 if a file cannot be read or KEY is no key.

A package has one form. Everything in the zip follows from its payload (the files in data/), the public key, and one
signature over the SHA-256 of each file of the payload. This program makes that form again and compares the bytes.
Sources: BagIt (RFC 8493), Ed25519 (RFC 8032), SSHSIG (OpenSSH, PROTOCOL.sshsig), Merkle tree (RFC 9162), checkpoint
(C2SP tlog-checkpoint). It is in every package and checks all formats, so it imports nothing from Uptake.
"""

from __future__ import annotations

import json
import re
import struct
import sys
import zlib
from argparse import SUPPRESS, ArgumentParser
from base64 import b64decode, b64encode
from datetime import date, datetime
from hashlib import sha256, sha512
from pathlib import Path
from typing import TYPE_CHECKING

GENUINE, CHANGED, UNKNOWN_SIGNER = 0, 1, 3
FORMATS = tuple(f"uptake-snapshot-{number}" for number in range(1, 6))
WRONG_FACE = "data/snapshot.json does not describe a package."
MAX_BYTES, MAX_FILES, SIGNED = 2**30, 1000, r"sign-offs/(?:(?:list|draft)\.json|[1-9][0-9]?\.sig)"
TAGS = ["bagit.txt", "bag-info.txt", "manifest-sha256.txt", "manifest-sha256.txt.sig", "allowed_signers", "VERIFY.md"]
TAGS += ["tagmanifest-sha256.txt"]
REQUIRED = ["CITATION.cff", "bundle/evidence.csv", "bundle/register.json", "checkpoint", "compare.json"]
REQUIRED += ["datapackage.json", "events.jsonl", "index.html", "methodology.json", "proof.json", "report.docx"]
REQUIRED += ["report.pdf", "ro-crate-metadata.json", "scorecard.json", "scorecard.xlsx", "snapshot.json"]
TABLES, LANG = r"bundle/(?:[a-z][a-z_]*\.csv|datapackage\.json)|", r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?"
DRAWN = r"|(?:bundle/)?logo\.png|report\.L\.(?:docx|pdf)|charts/(?:L/)?[a-z][a-z-]*\.svg".replace("L", LANG)
ALLOWED_BEFORE = re.compile("data/(?:" + TABLES + SIGNED + r"|charts/[a-z][a-z-]*\.[a-z]{2,3}\.svg)")
ALLOWED = re.compile("data/(?:" + TABLES + SIGNED + DRAWN + ")")
_FIRST_GUIDE = """# How to check this package

Unpack it, go into its folder, and run:

    sha256sum -c manifest-sha256.txt
    ssh-keygen -Y verify -f allowed_signers -I {origin} -n uptake-snapshot \\
        -s manifest-sha256.txt.sig < manifest-sha256.txt

The first finds a changed file. The second says that the list of files was signed with the key in `allowed_signers`.
Compare that key with the one that {origin} shows at https://{origin}/verify/, or the signature proves no identity.
With Uptake, `uptake snapshot verify FILE.zip` does all this, and checks the log and its checkpoint as well.
"""
_GUIDE = """# How to check this package

Get the publisher's key from a place that you trust, such as https://{origin}/verify/, and write it to a file `key`:

    {origin} namespaces="uptake-snapshot" ssh-ed25519 AAAA…

Unpack the package into an empty folder, go into the folder that has this file, and run:

    ssh-keygen -Y verify -f key -I {origin} -n uptake-snapshot \\
        -s manifest-sha256.txt.sig < manifest-sha256.txt
    sha256sum -c --strict manifest-sha256.txt
    python3 data/verify.py PACKAGE.zip key

The first says that the holder of the key signed the list of files. The second finds a changed file; `data/verify.py`
is among those that were signed. The third needs Python and nothing else. It finds every other change of the zip, such
as an added file, and checks the log and its checkpoint. It ends with 0 if the package is genuine, with 3 if it is
intact but not signed with `key`, and with 1 if it was changed.
With Uptake, `uptake snapshot verify PACKAGE.zip --key key` does the same.
"""
_NEW = _GUIDE.replace("zip key\n", "zip --key key\n").replace("changed.\n", "changed; with 2 if `key` is none.\n")
GUIDES = {**dict.fromkeys(FORMATS, _NEW), **dict.fromkeys(FORMATS[:2], _FIRST_GUIDE), FORMATS[2]: _GUIDE}
FIELDS = {**dict.fromkeys(["format", "register", "review", "as_of", "known_at", "origin"], str), "log_position": int}
FIELDS.update({"reconstructed": bool, "signed_off": bool})
OTHER_FIELDS = {"summary": str, "summary_ko": str, "made_with": dict, "translations": dict, "doi": str}
SIGNED_HEAD = [b"uptake-snapshot", b"", b"sha512"]
FIELD, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
EIGHTH = 0x5FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
CURVE = -121665 * pow(121666, FIELD - 2, FIELD) % FIELD


if TYPE_CHECKING:
    from typing import Any

    Files = dict[str, bytes]
    Face = dict[str, Any]
    Point = tuple[int, int, int, int]


class Changed(Exception):
    """The package is not in the one form that a package has; the message says where."""


def check(content: bytes, expected: str = "") -> tuple[int, Face, str]:
    """Return the outcome, the content of snapshot.json, and the signer's fingerprint. Raises `Changed`."""
    folder, files = read_zip(content)
    payload = {name[5:]: data for name, data in files.items() if name.startswith("data/")}
    face = read_face(folder, payload)
    require_names(face, files)
    public = read_key(files["allowed_signers"].decode("utf-8", "replace").strip().split(" ")[-1])
    require(not is_weak(public), "With the key in allowed_signers, anyone can sign.")
    signature = decoded(b"".join(files["manifest-sha256.txt.sig"].split(b"\n")[1:-2]))[-64:]
    tags = make_tags(face, payload, public, signature)
    for name in TAGS:
        require(files[name] == tags[name], f"{name} is not what follows from the files in data/.")
    require(list(files) == TAGS + ["data/" + name for name in sorted(payload)], "The files are in another order.")
    message = b"SSHSIG" + b"".join(map(counted, [*SIGNED_HEAD, sha512(tags["manifest-sha256.txt"]).digest()]))
    require(is_signed(public, signature, message), "The list of files is not signed with the key in allowed_signers.")
    check_log(face, payload, public)
    signer = fingerprint(public)
    return (GENUINE if expected == signer else UNKNOWN_SIGNER), face, signer


def require_names(face: Face, files: Files) -> None:
    program = ["data/verify.py"] if face["format"] not in FORMATS[:2] else []
    program += ["data/datacite.json", "data/zenodo.json"] if face["format"] not in FORMATS[:3] else []
    for name in (required := [*TAGS, *program, *("data/" + name for name in REQUIRED)]):
        require(name in files, f"{name} is missing.")
    others = ALLOWED_BEFORE if face["format"] in FORMATS[:3] else ALLOWED
    for name in files:
        require(name in required or others.fullmatch(name), f"{name} is no file of a package.")


def decoded(base64: str | bytes) -> bytes:
    try:
        return b64decode(base64, validate=True)
    except ValueError:
        return b""


def require(condition: object, message: str) -> None:
    if not condition:
        raise Changed(message)


def read_zip(content: bytes) -> tuple[str, Files]:
    """Return the folder and the files of a zip, and require that it is the only zip that holds them."""
    require(len(content) <= MAX_BYTES, "The file is too large.")
    named: list[tuple[bytes, bytes]] = []
    at = 0
    while content[at : at + 4] == b"PK\3\4" and at + 30 <= len(content) and len(named) < MAX_FILES:
        size, length = struct.unpack_from("<L4xH", content, at + 18)
        start = at + 30 + length
        named.append((content[at + 30 : start], content[start : start + size]))
        at = start + size
    require(named and make_zip(named) == content, "The zip is not in the form of a package.")
    plain = re.compile(rb"[a-z0-9][a-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)+")
    for name, _ in named:
        require(plain.fullmatch(name) and b".." not in name, "A file has a name that no package has.")
    folders = {name.split(b"/", 1)[0] for name, _ in named}
    files = {name.split(b"/", 1)[1].decode(): data for name, data in named}
    require(len(folders) == 1 and len({name.lower() for name in files}) == len(named), "A name is in it twice.")
    return folders.pop().decode(), files


def make_zip(named: list[tuple[bytes, bytes]]) -> bytes:
    """Files without compression, in order, of 1980, with the rights 0644 of Unix."""
    parts, directory, at = [], [], 0
    for name, data in named:
        facts = struct.pack("<4H3L2H", 0, 0, 0, 33, zlib.crc32(data), len(data), len(data), len(name), 0)
        parts += [b"PK\3\4", struct.pack("<H", 20), facts, name, data]
        rest = struct.pack("<3H2L", 0, 0, 0, 0o644 << 16, at)
        directory += [b"PK\1\2", struct.pack("<2H", 0x0314, 20), facts, rest, name]
        at += 30 + len(name) + len(data)
    listing = b"".join(directory)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(named), len(named), len(listing), at, 0)
    return b"".join([*parts, listing, end])


def read_face(folder: str, payload: Files) -> Face:
    try:
        face: Face = json.loads(payload["snapshot.json"])
        plain = json.dumps(face, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        require(plain.encode() == payload["snapshot.json"], "data/snapshot.json is not in canonical form.")
        require(face["format"] in FORMATS, "The format of the package is not known here.")
        require_fields(face)
        require(folder == "{register}_{review}_{as_of}".format(**face), "The folder was renamed.")
    except (KeyError, TypeError, ValueError, RecursionError):
        raise Changed("data/snapshot.json cannot be read.") from None
    return face


def require_fields(face: Face) -> None:
    """No unknown field, and each of its kind. Raises `ValueError` for a day that is none."""
    fits = all(type(face.get(name, kind())) is kind for name, kind in OTHER_FIELDS.items())
    fits = fits and all(type(face[name]) is kind for name, kind in FIELDS.items())
    require(fits and set(face) <= {*FIELDS, *OTHER_FIELDS} and face["register"] and face["review"], WRONG_FACE)
    require(re.fullmatch(r"[a-z0-9:][a-z0-9._:-]*", face["origin"]), WRONG_FACE)
    require(face["as_of"] == date.fromisoformat(face["as_of"]).isoformat(), WRONG_FACE)
    known = datetime.fromisoformat(face["known_at"][:-1])
    require(face["known_at"] == known.strftime("%Y-%m-%dT%H:%M:%S.%fZ").zfill(27), WRONG_FACE)
    named = [face.get("made_with", {}), *face.get("translations", {}).values()]
    require(all(isinstance(inner, dict) for inner in named), WRONG_FACE)
    pairs = [(name, "") for name in face.get("translations", {})] + [pair for inner in named for pair in inner.items()]
    require(all(isinstance(t, str) and re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", n) for n, t in pairs), WRONG_FACE)


def make_tags(face: Face, payload: Files, public: bytes, signature: bytes) -> Files:
    """Everything in the package besides the payload."""
    address = "https://{origin}/{register}/reviews/{review}/{as_of}/".format(**face)
    oxum = f"{sum(map(len, payload.values()))}.{len(payload)}"
    info = [f"Source-Organization: {face['origin']}", f"External-Identifier: {address}"]
    info += [f"Bagging-Date: {face['known_at'][:10]}", f"Payload-Oxum: {oxum}", ""]
    blob = b"SSHSIG" + struct.pack(">L", 1) + b"".join(map(counted, [wire(public), *SIGNED_HEAD]))
    blob += counted(counted(b"ssh-ed25519") + counted(signature))
    armor, key = b64encode(blob).decode(), b64encode(wire(public)).decode()
    lines = ["-----BEGIN SSH SIGNATURE-----", *(armor[n : n + 70] for n in range(0, len(armor), 70))]
    tags = {
        "bagit.txt": "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": "\n".join(info),
        "manifest-sha256.txt": listing("data/", payload),
        "manifest-sha256.txt.sig": "\n".join([*lines, "-----END SSH SIGNATURE-----", ""]),
        "allowed_signers": f'{face["origin"]} namespaces="uptake-snapshot" ssh-ed25519 {key}\n',
        "VERIFY.md": GUIDES[face["format"]].replace("{origin}", face["origin"]),
    }
    made = {name: text.encode() for name, text in tags.items()}
    return {**made, "tagmanifest-sha256.txt": listing("", made).encode()}


def listing(folder: str, files: Files) -> str:
    return "".join(f"{sha256(files[name]).hexdigest()}  {folder}{name}\n" for name in sorted(files))


def counted(data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + data


def wire(public: bytes) -> bytes:
    return counted(b"ssh-ed25519") + counted(public)


def read_key(text: str) -> bytes:
    """The 32 bytes of a key in OpenSSH's base64."""
    blob = decoded(text)
    require(len(blob) == 51 and blob == wire(blob[-32:]), "There is no Ed25519 key in it.")
    return blob[-32:]


def fingerprint(public: bytes) -> str:
    return "SHA256:" + b64encode(sha256(wire(public)).digest()).decode().rstrip("=")


def fingerprint_in(key: str) -> str:
    """The fingerprint of the key that a person names in one of the forms above. Raises `Changed` and `OSError`."""
    text = key if re.search(r"ssh-ed25519|SHA256:|\+[0-9a-f]{8}\+", key) else Path(key).read_text("utf-8")
    words = [*text.split(), ""]
    if "ssh-ed25519" in words:
        return fingerprint(read_key(words[words.index("ssh-ed25519") + 1]))
    if found := re.search(r"SHA256:[A-Za-z0-9+/]{43}", text):
        return found.group()
    name, key_id, base64 = [*words[0].split("+", 2), "", ""][:3]
    blob = decoded(base64)
    named = sha256(f"{name}\n".encode() + blob).hexdigest()[:8] == key_id
    require(named and len(blob) == 33 and blob[0] == 1, "There is no Ed25519 key in it.")
    return fingerprint(blob[1:])


def check_log(face: Face, payload: Files, public: bytes) -> None:
    """The events are those of the checkpoint, which the same key signed."""
    lines = payload["events.jsonl"].split(b"\n")
    require(lines.pop() == b"", "data/events.jsonl has no end.")
    root = b64encode(root_of(lines)).decode()
    body = f"{face['origin']}\n{len(lines)}\n{root}\n"
    key_id = sha256(face["origin"].encode() + b"\n\1" + public).digest()[:4]
    note = payload["checkpoint"].decode("utf-8", "replace")
    found = re.fullmatch(re.escape(body) + "\n— " + re.escape(face["origin"]) + " ([A-Za-z0-9+/]{91}=)\n", note)
    if not found or face["log_position"] != len(lines):
        raise Changed("The events are not those of the checkpoint.")
    blob = b64decode(found.group(1))
    good = b64encode(blob).decode() == found.group(1) and blob[:4] == key_id
    require(good and is_signed(public, blob[4:], body.encode()), "The checkpoint is not signed with this key.")


def root_of(lines: list[bytes]) -> bytes:
    """The root of RFC 9162 over the lines; of a private event, only the hash of its leaf is there."""
    peaks: list[bytes] = []
    for place, line in enumerate(lines):
        if line.startswith(b'{"leaf":'):
            require(re.fullmatch(rb'\{"leaf":"[0-9a-f]{64}"\}', line), "A line of data/events.jsonl is wrong.")
            node = bytes.fromhex(line[9:73].decode())
        else:
            node = sha256(b"\0" + line).digest()
        while place & 1:
            node, place = sha256(b"\1" + peaks.pop() + node).digest(), place >> 1
        peaks.append(node)
    root = peaks.pop() if peaks else sha256().digest()
    while peaks:
        root = sha256(b"\1" + peaks.pop() + root).digest()
    return root


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Ed25519 of RFC 8032: the point of the signature is s·B − h·A."""
    point, s = decompress(public), int.from_bytes(signature[32:], "little")
    if point is None or s >= ORDER or len(signature) != 64:
        return False
    h = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y, z, t = point
    x, y, z, _ = add(multiply(s, BASE), multiply(h, (FIELD - x, y, z, FIELD - t)))
    inverse = pow(z, FIELD - 2, FIELD)
    x, y = x * inverse % FIELD, y * inverse % FIELD
    return signature[:32] == (y | (x & 1) << 255).to_bytes(32, "little")


def add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % FIELD, (p[1] + p[0]) * (q[1] + q[0]) % FIELD
    c, d = 2 * p[3] * q[3] * CURVE % FIELD, 2 * p[2] * q[2] % FIELD
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD


def multiply(n: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while n:
        if n & 1:
            total = add(total, point)
        point, n = add(point, point), n >> 1
    return total


def is_weak(public: bytes) -> bool:
    """Whether anyone can sign for this key: it is one of the few points of small order, or no number of the field."""
    y = int.from_bytes(public, "little") % 2**255
    return y >= FIELD or y in (0, 1, FIELD - 1, EIGHTH, FIELD - EIGHTH)


def decompress(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(CURVE * y * y + 1, FIELD - 2, FIELD) % FIELD
    x = pow(square, (FIELD + 3) // 8, FIELD)
    if (x * x - square) % FIELD:
        x = x * pow(2, (FIELD - 1) // 4, FIELD) % FIELD
    if y >= FIELD or (x * x - square) % FIELD or (x == 0 and sign):
        return None
    x = FIELD - x if x & 1 != sign else x
    return x, y, 1, x * y % FIELD


BASE = decompress((4 * pow(5, FIELD - 2, FIELD) % FIELD).to_bytes(32, "little")) or (0, 1, 1, 0)


def main(arguments: list[str]) -> int:
    parser = ArgumentParser("verify.py", description=__doc__.split("\n\n")[1])
    parser.add_argument("package", metavar="PACKAGE.zip")
    parser.add_argument("key", nargs="?", default=SUPPRESS, metavar="KEY", help="the same as --key KEY")
    parser.add_argument("--key", help="the key that must have signed it")
    given = parser.parse_args(arguments)
    try:
        with Path(given.package).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        expected = "" if given.key is None else fingerprint_in(given.key)
    except (OSError, ValueError, Changed) as e:
        parser.error(f"It cannot be checked: {e}")
    try:
        outcome, face, signer = check(content, expected)
    except Changed as e:
        print(f"CHANGED, or no package: {e}")
        return CHANGED
    print({GENUINE: "GENUINE", UNKNOWN_SIGNER: "INTACT, signer unknown"}[outcome] + f": signed with {signer}.")
    print("The review “{review}” of “{register}”, as of {as_of}, as known at {known_at}.".format(**face))
    if outcome == UNKNOWN_SIGNER:
        print("Compare the key with the one that its publisher shows elsewhere: verify.py PACKAGE.zip --key KEY")
    return outcome


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
