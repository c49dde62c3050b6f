"""The public list of an installation's keys: what each signs, since when, until when, and whether it was compromised.

A key that replaces another one is introduced by a signed note (C2SP signed-note) of the key before it. Its text:

    uptake-key-succession/v1
    packages
    uptake.example+1f2e3d4c+AZx…
    2026-03-01T00:00:00.000000Z

that is what the new key signs (`checkpoints` or `packages`), the new key as a verifier key, and the instant from which
it signs. No checkpoint has such a text: the second line of a checkpoint is a number.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct, field

from app.services.transparency.signed_notes import Verifier, openssh_key, parse_verifier, signer_of
from domain.errors import Refused
from domain.times import instant, written

FORMAT = "uptake-keys-1"
SUCCESSION = "uptake-key-succession/v1"
Use = Literal["checkpoints", "packages"]
USES: tuple[Use, ...] = ("packages", "checkpoints")


class ListedKey(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A public key and what it signs; one that signs both is listed twice.

    Instants are in UTC with six decimals; an empty one is not known, or has not come.
    """

    use: Use
    vkey: str
    """The verifier key, with the key's name (C2SP signed-note)."""
    openssh: str
    fingerprint: str
    valid_from: str = field(default="", name="from")
    until: str = ""
    compromised_since: str = ""
    succession: str = ""
    """The note in which the key before it names this key; empty for a first key."""

    @property
    def verifier(self) -> Verifier:
        return parse_verifier(self.vkey)

    @property
    def is_current(self) -> bool:
        return not self.until


class KeyList(Struct, frozen=True, kw_only=True):
    """The list as it is published. The current keys come first."""

    format: str = FORMAT
    keys: tuple[ListedKey, ...]

    def verifiers(self, use: Use) -> list[Verifier]:
        """The keys for one use, current first. Compromised ones are left out."""
        return [key.verifier for key in self.keys if key.use == use and not key.compromised_since]


def listed_key(
    verifier: Verifier, use: Use, *, valid_from: str = "", until: str = "", succession: str = ""
) -> ListedKey:
    return ListedKey(
        use=use,
        vkey=verifier.text,
        openssh=openssh_key(verifier.public),
        fingerprint=verifier.fingerprint,
        valid_from=valid_from,
        until=until,
        succession=succession,
    )


def succession_text(use: Use, new: Verifier, valid_from: str) -> str:
    return f"{SUCCESSION}\n{use}\n{new.text}\n{valid_from}\n"


def read_key_list(file: Path) -> KeyList:
    """Read a published list. Raises `Refused` if it is none, or if an entry contradicts itself or its signature."""
    try:
        listing = msgspec.json.decode(file.read_bytes(), type=KeyList)
    except OSError as e:
        raise Refused(f"{file} cannot be read: {e.strerror or e}.") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as e:
        raise Refused(f"{file} is not a list of keys: {e}. Get it from /.well-known/uptake-keys.json.") from None
    if listing.format != FORMAT:
        raise Refused(f"{file} has the format “{listing.format[:40]}”. This version of Uptake reads “{FORMAT}”.")
    if problems := [f"{file}: {sentence}" for key in listing.keys for sentence in _problems(key, listing.keys)]:
        raise Refused(*problems)
    return listing


def _problems(key: ListedKey, keys: Sequence[ListedKey]) -> Iterable[str]:
    name = f"the key {key.fingerprint[:60]}"
    try:
        verifier = key.verifier
        for stamp in (key.valid_from, key.until, key.compromised_since):
            if stamp and written(instant(stamp)) != stamp:
                raise Refused(f"“{stamp[:40]}” is not an instant in UTC with six decimals")
    except Refused as refused:
        yield f"{name} cannot be used: {refused}"
        return
    if (key.fingerprint, key.openssh) != (verifier.fingerprint, openssh_key(verifier.public)):
        yield f"the entry of {name} names another key too."
    if key.succession and predecessor_of(key, keys) is None:
        yield f"no key in the list signed that {name} comes after it."


def predecessor_of(key: ListedKey, keys: Sequence[ListedKey]) -> ListedKey | None:
    """The key whose valid signature introduces this one, or None."""
    others = [other for other in keys if other != key and other.use == key.use]
    try:
        text, signer = signer_of(key.succession, [other.verifier for other in others])
    except Refused:
        return None
    if text != succession_text(key.use, key.verifier, key.valid_from):
        return None
    return next(other for other in others if other.verifier == signer)


def distrust(listing: KeyList, signer: Verifier, dated: str, start: bytes | None, existed_by: str = "") -> str:
    """Why a package of a signer is not genuine by the list, as a sentence; empty if it is.

    `dated` is the instant that the package gives. `start` is a key that a person trusts: then the signer must be that
    key or one of its successors; without it, all keys of the list are trusted. `existed_by` is the instant by which a
    time-stamp proves that the package existed: the holder of a stolen key can write any date into a package.
    """
    key = next((k for k in listing.keys if k.use == "packages" and k.verifier == signer), None)
    if key is None:
        return "Its key is not a key for packages in the list."
    if since := key.compromised_since:
        if dated >= since:
            return f"Its key is compromised since {since}, and the package is dated {dated}."
        if not existed_by or existed_by >= since:
            return (
                f"Its key is compromised since {since}. The package is dated before, but the holder of the key could "
                "have written any date; a time-stamp (--timestamp with --tsa-cert) or a cosigned proof (--proof with "
                "--policy) from before can prove it."
            )
    if key.until and dated > key.until:
        return f"Its key was replaced at {key.until}, and the package is dated {dated}."
    return "" if start is None else _why_no_successor(key, start, listing.keys)


def _why_no_successor(key: ListedKey, start: bytes, keys: Sequence[ListedKey]) -> str:
    """Why no chain of successions leads from a trusted key to this one; empty if one does.

    A compromised key introduces no key, whatever the dates: its holder can sign any instant, also one from before.
    """
    seen: list[ListedKey] = []
    while key.verifier.public != start:
        before = predecessor_of(key, keys)
        if before is None or before in seen:
            return "Its key is not a successor of the key that was named."
        if since := before.compromised_since:
            return (
                f"The key {key.fingerprint} was introduced by one that is compromised since {since}. The holder of "
                "that one could have introduced any key, under any date. Get a later key from a place that you trust, "
                "and name it."
            )
        seen.append(before)
        key = before
    return ""
