"""Policies: which logs and witnesses to trust, and how many witnesses are enough (https://c2sp.org/tlog-policy).

log uptake.example/5266ac905efc438e+8f2b3c1d+AR…
witness A a.example/w+11223344+BB… https://witness.a.example/
witness B b.example/w+55667788+BB… https://witness.b.example/
group both 2 A B
quorum both
"""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from app.services.transparency.cosignatures import cosignature_times
from app.services.transparency.signed_notes import COSIGNATURE, ED25519, Checkpoint, Verifier, open_note, parse_verifier
from domain.errors import Refused

MAX_POLICY_BYTES = 2**18
NONE = "none"
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_COUNT = re.compile(r"[1-9][0-9]{0,5}")


class Witness(Struct, frozen=True):
    verifier: Verifier
    url: str = ""
    """The prefix of the addresses to which checkpoints are submitted; empty if it is not known."""


class WitnessGroup(Struct, frozen=True):
    """Witnesses a checkpoint if at least `needed` of its members do."""

    needed: int
    members: tuple[str, ...]


class Policy(Struct, frozen=True, kw_only=True):
    logs: tuple[Verifier, ...] = ()
    witnesses: Mapping[str, Witness]
    groups: Mapping[str, WitnessGroup]
    quorum: str

    def is_met_by(self, witnesses: Collection[Verifier]) -> bool:
        """Whether these witnesses are enough."""
        return self.quorum == NONE or self._is_witnessed(self.quorum, witnesses)

    def _is_witnessed(self, name: str, witnesses: Collection[Verifier]) -> bool:
        if name in self.witnesses:
            return self.witnesses[name].verifier in witnesses
        group = self.groups[name]
        return sum(self._is_witnessed(member, witnesses) for member in group.members) >= group.needed

    def cosigners(self, note: str) -> dict[str, int]:
        """The names of the witnesses that cosigned a note, with the times in POSIX seconds. Raises `Refused`."""
        times = cosignature_times(note, [w.verifier for w in self.witnesses.values()])
        return {name: times[w.verifier] for name, w in self.witnesses.items() if w.verifier in times}

    def is_met(self, note: str) -> bool:
        """Whether the cosignatures of a note are enough. Raises `Refused` if one of a known witness is wrong."""
        return self.is_met_by([self.witnesses[name].verifier for name in self.cosigners(note)])


def signed_by_log(note: str, logs: Sequence[Verifier]) -> Checkpoint:
    """Return the checkpoint of a note that one of these logs signed under its own origin. Raises `Refused`."""
    origin = note.partition("\n")[0]
    return open_note(note, [log for log in logs if log.name == origin])


def read_policy(file: Path) -> Policy:
    """Read a policy file. Raises `Refused` with every line that cannot be used."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MAX_POLICY_BYTES + 1)
    except OSError as e:
        raise Refused(f"{file} cannot be read: {e.strerror or e}.") from None
    if len(content) > MAX_POLICY_BYTES:
        raise Refused(f"{file} is larger than {MAX_POLICY_BYTES:,} bytes, so it is not a policy.")
    reader = _Reader()
    reader.read(content)
    if reader.problems:
        raise Refused(*(f"{file}, {problem}" for problem in reader.problems))
    return Policy(logs=tuple(reader.logs), witnesses=reader.witnesses, groups=reader.groups, quorum=reader.quorum[0])


class _Reader:
    """Reads the lines of a policy, and notes what is wrong with each."""

    def __init__(self) -> None:
        self.logs: list[Verifier] = []
        self.witnesses: dict[str, Witness] = {}
        self.groups: dict[str, WitnessGroup] = {}
        self.quorum: list[str] = []
        self.problems: list[str] = []
        self._members: set[str] = set()

    def read(self, content: bytes) -> None:
        for number, line in enumerate(content.split(b"\n"), 1):
            try:
                if _CONTROL.search(line):
                    raise Refused("a control character is in it; use spaces, tabs and line feeds only.")
                # Octets above 127 are opaque: each becomes one character, and names are compared as they are.
                self._read_line([w for w in re.split("[ \t]+", line.decode("latin-1")) if w])
            except Refused as refused:
                self.problems.append(f"line {number}: {refused}")
        if len(self.quorum) != 1 and not self.problems:
            self.problems.append(f"there are {len(self.quorum)} lines “quorum NAME”; write exactly one.")

    def _read_line(self, words: list[str]) -> None:
        if not words or words[0].startswith("#"):
            return
        kind, *rest = words
        read = {"log": self._log, "witness": self._witness, "group": self._group, "quorum": self._quorum}.get(kind)
        if read is None:
            raise Refused(f"“{kind[:40]}” is not log, witness, group or quorum.")
        read(rest)

    def _log(self, words: list[str]) -> None:
        if not 1 <= len(words) <= 2:
            raise Refused("write “log KEY” or “log KEY ADDRESS”.")
        verifier = parse_verifier(_utf8(words[0]), ED25519)
        if verifier.public in {log.public for log in self.logs}:
            raise Refused("this log is already in the file.")
        self.logs.append(verifier)

    def _witness(self, words: list[str]) -> None:
        if not 2 <= len(words) <= 3:
            raise Refused("write “witness NAME KEY” or “witness NAME KEY ADDRESS”.")
        name, key, *url = words
        self._check_new(name)
        verifier = parse_verifier(_utf8(key), COSIGNATURE)
        if verifier.public in {w.verifier.public for w in self.witnesses.values()}:
            raise Refused("this witness is already in the file, under another name.")
        self.witnesses[name] = Witness(verifier, *map(_utf8, url))

    def _group(self, words: list[str]) -> None:
        if len(words) < 3:
            raise Refused("write “group NAME any|all|NUMBER MEMBER…”.")
        name, count, *members = words
        self._check_new(name)
        for member in members:
            if member not in self.witnesses and member not in self.groups:
                raise Refused(f"“{member}” is not a witness or group of a line before.")
            if member in self._members:
                raise Refused(f"“{member}” is already a member of a group.")
            self._members.add(member)
        needed = {"any": 1, "all": len(members)}.get(count) or (int(count) if _COUNT.fullmatch(count) else 0)
        if not 1 <= needed <= len(members):
            raise Refused(f"“{count}” is not any, all, or a number from 1 to {len(members)}.")
        self.groups[name] = WitnessGroup(needed, tuple(members))

    def _quorum(self, words: list[str]) -> None:
        if len(words) != 1 or (words[0] != NONE and words[0] not in self.witnesses and words[0] not in self.groups):
            raise Refused("write “quorum NAME” with a witness or group of a line before, or “quorum none”.")
        self.quorum.append(words[0])

    def _check_new(self, name: str) -> None:
        if name == NONE or name in self.witnesses or name in self.groups:
            raise Refused(f"the name “{name}” is already in use.")


def _utf8(word: str) -> str:
    """A word of octets as text. Raises `Refused`."""
    try:
        return word.encode("latin-1").decode()
    except UnicodeDecodeError:
        raise Refused("the key or the address is not UTF-8.") from None
