"""What a browser calls itself, in words: “Firefox on Windows”."""

import re

from app.presentation.i18n.translation import _

_BROWSERS = (
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/", "Opera"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"Whale/", "Whale"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrom(e|ium)/|CriOS/", "Chrome"),
    (r"Version/.*Safari/", "Safari"),
)
"""Most others name Chrome or Safari too, so those come last."""
_SYSTEMS = (
    (r"iPad", "iPad"),
    (r"iPhone|iPod", "iPhone"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"CrOS", "ChromeOS"),
    (r"Mac OS X|Macintosh", "Mac"),
    (r"Linux|X11", "Linux"),
)


def device_name(user_agent: str) -> str:
    """The names that people know; empty if the text names none.

    A library that knows every device needs 0.7 s and its tables for the first answer; here a person only has to
    recognize their own.
    """
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system


def _first(names: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for pattern, name in names if re.search(pattern, user_agent)), "")
