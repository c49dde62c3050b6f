"""Fetches many pages at once to read what they say about themselves."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, wait

from msgspec import Struct

from app.adapters.fetcher import Fetcher, FetchResult
from app.services.locker.page_metadata import PageMetadata, read_metadata
from app.services.locker.pdf_metadata import MAX_PDF_BYTES, is_pdf, read_pdf
from domain.errors import Refusal, Refused, refusal

MAX_PAGE_BYTES = 2**20
PAGES_AT_ONCE = 8
TIMEOUT_SECONDS = 25
"""For all pages of one request together."""


class PageReading(Struct, frozen=True):
    """What a page says about itself, or why it was not read."""

    metadata: PageMetadata = PageMetadata()
    problem: Refusal | None = None


def read_pages(fetcher: Fetcher, urls: Iterable[str], seconds: float = TIMEOUT_SECONDS) -> dict[str, PageReading]:
    """Read pages by address. One that takes too long, or that cannot be read, has a problem."""
    pool = ThreadPoolExecutor(PAGES_AT_ONCE)
    futures = {url: pool.submit(_read_page, fetcher, url) for url in dict.fromkeys(urls)}
    finished, _late = wait(futures.values(), timeout=seconds)
    pool.shutdown(wait=False, cancel_futures=True)
    late = PageReading(problem=refusal("There was no time left to read this page. Fill in its fields."))
    return {url: future.result() if future in finished else late for url, future in futures.items()}


def _read_page(fetcher: Fetcher, url: str) -> PageReading:
    try:
        response = fetcher.get(url, MAX_PAGE_BYTES)
    except Refused as refused:
        return PageReading(problem=refused.refusals[0])
    if response.status != 200:
        words = "The address returned the status {status} instead of the source."
        return PageReading(problem=refusal(words, status=response.status))
    if is_pdf(response.content):
        return _read_pdf(fetcher, url, response)
    metadata = read_metadata(response.content, response.charset)
    if metadata == PageMetadata():
        return PageReading(problem=refusal("The page says nothing about itself. Fill in its fields."))
    return PageReading(metadata)


def _read_pdf(fetcher: Fetcher, url: str, beginning: FetchResult) -> PageReading:
    """A PDF has what it says about itself at its end, so it is fetched again if it is longer than a page."""
    try:
        whole = beginning if beginning.whole else fetcher.get(url, MAX_PDF_BYTES)
        if not whole.whole:
            problem = refusal(
                "The PDF is larger than {n} MB, so it was not read. Fill in the fields yourself.",
                n=MAX_PDF_BYTES // 2**20,
            )
            return PageReading(problem=problem)
        metadata = read_pdf(whole.content)
    except Refused as refused:
        return PageReading(problem=refused.refusals[0])
    if metadata == PageMetadata():
        return PageReading(problem=refusal("The PDF says nothing about itself. Fill in the fields yourself."))
    return PageReading(metadata)
