"""`register.json`: what a register is called, how it is kept, and when it is reviewed."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from app.bundles.columns import REVIEW_COLUMNS
from app.bundles.converting import ident
from app.bundles.problems import Problem
from app.bundles.tables import cleaned
from domain.errors import Refused
from domain.facts import RegisterSettings, ReviewSchedule
from domain.methodology import VERSIONS
from domain.times import first_day, full_day, instant
from domain.words import PeerReview

FILE = "register.json"
RESERVED = frozenset(
    {
        *("about", "accounts", "api", "embed", "en", "healthz", "ko", "metrics", "methodology", "oembed"),
        *("readyz", "robots", "search", "sitemap", "staff", "static", "verify", "download"),
    }
)
_TEXTS = ("title", "title_ko", "summary", "summary_ko")
_KEYS = ("id", *_TEXTS, "time_zone", "methodology", "peer_review", "evidence_to", "reviews", "opened_at")


class Read:
    """What the file says, as far as it is in order."""

    settings: RegisterSettings | None = None
    opened_at: datetime | None = None
    reviews: tuple[ReviewSchedule, ...] = ()


def read_register(content: bytes, problems: list[Problem]) -> Read:
    """Read `register.json`; what is wrong with it is added to `problems`."""
    try:
        data = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError:
        problems.append(Problem(FILE, 0, "", "the file is not UTF-8."))
        return Read()
    except json.JSONDecodeError as e:
        problems.append(Problem(FILE, e.lineno, "", f"this is no JSON: {e.msg}."))
        return Read()
    except (ValueError, RecursionError) as e:
        problems.append(Problem(FILE, 0, "", f"{e}." if isinstance(e, ValueError) else "it is nested too deeply."))
        return Read()
    return from_data(data, FILE, problems)


def from_data(data: Any, file: str, problems: list[Problem]) -> Read:
    """The same from the values, wherever they stood."""
    read = Read()
    if not isinstance(data, dict):
        problems.append(Problem(file, 1, "", "an object with the register's settings is needed."))
        return read
    check = _Check(file, problems)
    before = len(problems)
    for key in data:
        if key not in _KEYS:
            check.say(key, "there is no such setting.")
    values: dict[str, Any] = {"id": check.text(data, "id", required=True)}
    if values["id"]:
        check.run("id", lambda: _register_id(values["id"]))
    for key in _TEXTS:
        values[key] = check.text(data, key, required=key == "title")
    values["time_zone"] = check.one_of(data, "time_zone", available_timezones(), "UTC", "no time zone")
    values["methodology"] = check.one_of(data, "methodology", VERSIONS, "uptake-2026.1", "no methodology")
    values["peer_review"] = check.one_of(
        data, "peer_review", tuple(PeerReview), "high_stakes", f"none of {', '.join(PeerReview)}"
    )
    values["evidence_to"] = check.text(data, "evidence_to")
    if values["evidence_to"]:
        check.run("evidence_to", lambda: first_day(values["evidence_to"]))
    if opened := check.text(data, "opened_at"):
        read.opened_at = check.run("opened_at", lambda: instant(opened))
    read.reviews = _reviews(data.get("reviews", []), check)
    if len(problems) == before:
        values["peer_review"] = PeerReview(values["peer_review"])
        read.settings = RegisterSettings(**values)
        ZoneInfo(read.settings.time_zone)
    return read


class _Check:
    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file, self.problems = file, problems

    def say(self, key: str, reason: str) -> None:
        self.problems.append(Problem(self.file, 1, str(key)[:60], reason))

    def text(self, data: dict[str, Any], key: str, *, required: bool = False, where: str = "") -> str:
        value = data.get(key, "")
        if not isinstance(value, str):
            self.say(where + key, "a text is needed.")
            return ""
        text, wrong = cleaned(value)
        if wrong:
            self.say(where + key, wrong)
        elif required and not text:
            self.say(where + key, "it is required.")
        return text

    def one_of(self, data: dict[str, Any], key: str, known: Any, default: str, otherwise: str) -> str:
        value = data.get(key, default)
        if not isinstance(value, str) or value not in known:
            self.say(key, f"“{str(value)[:40]}” is {otherwise}.")
            return default
        return value

    def run(self, key: str, act: Any) -> Any:
        try:
            return act()
        except Refused as refused:
            self.say(key, refused.refusals[0])
            return None


def _reviews(data: Any, check: _Check) -> tuple[ReviewSchedule, ...]:
    if not isinstance(data, list):
        check.say("reviews", "a list is needed.")
        return ()
    found: dict[str, ReviewSchedule] = {}
    for n, entry in enumerate(data, 1):
        where = f"reviews[{n}]."
        before = len(check.problems)
        if not isinstance(entry, dict):
            check.say(where[:-1], "an object is needed.")
            continue
        for key in entry:
            if key not in REVIEW_COLUMNS:
                check.say(where + key, "there is no such setting.")
        texts = {k: check.text(entry, k, required=k in ("id", "title"), where=where) for k in REVIEW_COLUMNS[:5]}
        if texts["id"]:
            check.run(where + "id", lambda texts=texts: ident(texts["id"]))
        for key in ("as_of", "anniversary_of"):
            if texts[key]:
                check.run(where + key, lambda texts=texts, key=key: full_day(texts[key]))
        numbers = {k: _years(entry, k, where, check) for k in ("years", "every_years")}
        once = bool(texts["as_of"])
        if once == bool(texts["anniversary_of"] and numbers["every_years"]) or (once and numbers["every_years"]):
            check.say(where[:-1], "give either one as_of, or anniversary_of with every_years.")
        if texts["id"] in found:
            check.say(where + "id", f"“{texts['id']}” stands twice.")
        if len(check.problems) == before:
            found[texts["id"]] = ReviewSchedule(**texts, **numbers)  # type: ignore[arg-type]
    return tuple(found.values())


def _years(entry: dict[str, Any], key: str, where: str, check: _Check) -> int | None:
    value = entry.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 1000):
        check.say(where + key, "a whole number of years from 1 is needed.")
        return None
    return value


def _register_id(text: str) -> None:
    ident(text)
    if text in RESERVED:
        raise Refused(f"“{text}” is an address of the site itself; choose another id.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the setting “{key[:40]}” stands twice")
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no value")
