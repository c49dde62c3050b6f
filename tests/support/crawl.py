"""Everything that anybody may ask for: each public route in both languages at several pairs of times, each link, each error."""

import gzip
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import unescape
from itertools import product
from urllib.parse import urljoin, urlsplit

from flask import Flask
from msgspec import Struct
from pypdf import PdfReader
from werkzeug.test import Client, TestResponse

from app.entrypoints.http.front_cache import Application

HOST = "http://127.0.0.1:8000"
VALUES: dict[str, tuple[str, ...]] = {
    "register": ("small",),
    "response": ("none",),
    "recommendation": ("law", "post"),
    "body": ("state", "senate"),
    "theme": ("offices",),
    "publication": ("report",),
    "name": (
        *("scorecard", "columns", "themes", "publications", "bodies", "recommendations", "elements", "cards"),
        *("evidence", "assessments", "withdrawals", "developments"),
    ),
    "evidence": ("oath", "story"),
    "digest": ("0" * 64,),
    "review": ("ten", "yearly"),
    "as_of": ("2024-02-17",),
    "file": ("register.json",),
    "number": ("1",),
    "size": ("1",),
    "token": ("a.b",),
}
"""What stands in the addresses of the small register. A new part of an address is added here, or the crawl stops."""
TIMES = ("", "?as_of=2024-05-01", "?as_of=2025-06-01&known_at=2026-03-02T12:00:00Z")
MORE = (
    "/small/compare/?from=2024-01-01&to=2025-06-01",
    "/small/compare/?from=2024-01-01&to=2025-06-01&known_from=2026-03-02&known_to=2026-03-03",
    "/api/v1/registers/small/compare?from=2024-01-01&to=2025-06-01&known_to=2026-03-02",
    "/api/v1/proofs/inclusion?position=1",
    "/api/v1/proofs/consistency?first=1",
    "/small/nothing/",
    "/ko/small/recommendations/nothing/",
    "/small/?as_of=nonsense",
    "/ko/small/?as_of=nonsense",
    "/api/v1/registers/small/scorecard?as_of=nonsense",
    "/staff/",
    "/staff/sign-in",
)


class Seen(Struct):
    """What an address answered: its status, and its content with all that is packed in it, by name."""

    endpoint: str
    status: int
    content: dict[str, bytes]


def crawl(app: Flask, front: Application, words: tuple[str, ...] = (), **values: tuple[str, ...]) -> dict[str, Seen]:
    """By address, through the cache that a reader meets. `words` are searched for."""
    client = Client(front, TestResponse)
    seen: dict[str, Seen] = {}
    ahead = [*MORE, *_routes(app, VALUES | values)]
    ahead += [f"{at}?q={word}" for word in words for at in ("/small/search", "/ko/small/search")]
    ahead += [f"/api/v1/registers/small/search?q={word}" for word in words]
    ahead += [f"/oembed?url={HOST}/{at}" for at in ("small/", "small/recommendations/law/", "ko/small/")]
    while ahead:
        path = ahead.pop()
        if path in seen or path.startswith("/static/"):
            continue
        answer = client.get(path, base_url=HOST)
        seen[path] = _seen(app, path, answer)
        if answer.mimetype == "text/html" and answer.status_code == 200 and "/files/" not in path:
            ahead += [link for link in _links(path, answer.text) if "?" not in link or _few(link, seen)]
    for path in ("/small/", "/ko/small/", "/api/v1/registers"):
        seen[f"PUT {path}"] = _seen(app, path, client.put(path, base_url=HOST))
    return seen


def _few(link: str, seen: Mapping[str, Seen]) -> bool:
    """Of the many choices that a page's form and links offer, a few are asked for each address."""
    path = link.split("?")[0]
    return sum(1 for known in seen if known.startswith(f"{path}?")) < 3


def _routes(app: Flask, values: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Every address that can be read and is not staff's, with everything that can stand in it."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(("/staff", "/static")) or "GET" not in (rule.methods or ()):
            continue
        names = sorted(rule.arguments - {"lang"})
        choices = [getattr(rule._converters[name], "items", None) or values[name] for name in names]
        for given in product(*choices):
            built = rule.build(dict(zip(names, given, strict=True)) | (rule.defaults or {}))
            assert built, rule
            times = TIMES[:1] if "as_of" in names else TIMES  # a frozen review has its pair of times in its path
            yield from (built[1] + pair for pair in times)


def _links(path: str, text: str) -> Iterator[str]:
    for href in re.findall(r'<(?:a|link)\s[^>]*?href="([^"]*)"', text):
        url = urlsplit(urljoin(HOST + path, unescape(href)))
        if f"{url.scheme}://{url.netloc}" == HOST:
            yield url.path + (f"?{url.query}" if url.query else "")


def _seen(app: Flask, path: str, answer: TestResponse) -> Seen:
    try:
        endpoint, _ = app.url_map.bind("").match(urlsplit(path).path)
    except Exception:
        endpoint = ""
    headers = "\n".join(f"{k}: {v}" for k, v in answer.headers if k != "Location").encode()
    return Seen(endpoint, answer.status_code, {"headers": headers, **unpacked("", answer.data)})


def unpacked(name: str, content: bytes) -> dict[str, bytes]:
    """Content and all that is in it, whatever it is packed in; of a PDF its words."""
    members = _members(content) if content.startswith((b"PK\x03\x04", b"\x1f\x8b", b"%PDF-")) else {}
    return {name: content} | {f"{name}/{member}": inside for member, inside in members.items()}


@lru_cache(maxsize=64)
def _members(content: bytes) -> dict[str, bytes]:
    """The files in a zip, a gzip or a PDF, by name; many addresses answer with the same one."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        return {path: inside for name, file in files.items() for path, inside in unpacked(name, file).items()}
    if content.startswith(b"\x1f\x8b"):
        return unpacked("gz", gzip.decompress(content))
    reader = PdfReader(io.BytesIO(content))
    text = "\n".join(p.extract_text() for p in reader.pages) + str(reader.metadata) + str(reader.outline)
    return {"text": text.encode()}


def places_of(seen: Mapping[str, Seen], search_words: str, *words: str) -> list[str]:
    """Where one of the words is: the address, the packed file, the text around; but not where a search repeats its words."""
    return [
        f"{path} {name}: {content[max(0, at - 60) : at + 60]!r}"
        for path, one in seen.items()
        for name, content in one.content.items()
        if (at := _first_place(content, search_words, words)) >= 0
    ]


def _first_place(content: bytes, search_words: str, words: tuple[str, ...]) -> int:
    lower = content.lower()
    for echo in (
        f"q={search_words}",
        f"q%3d{search_words}",
        f"“{search_words}”",
        f'value="{search_words}"',
        f'"query":"{search_words}"',
    ):
        lower = lower.replace(echo.encode(), b"-" * len(echo.encode()))
    return max(lower.find(word.lower().encode()) for word in words)
