"""What a page offers to those who want to show it elsewhere."""

from typing import Any

from markupsafe import escape

from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.page import Page

WIDTH, HEIGHT = 640, 360
"""Of a frame, in pixels."""


def frame(source: str, title: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The markup that shows a frame on another site."""
    size = f'width="{width}" height="{height}"'
    return f'<iframe src="{escape(source)}" title="{escape(title)}" {size} loading="lazy"></iframe>'


def sharing(page: Page, frame_at: str, badge_at: str, title: str, **of: str) -> dict[str, Any]:
    """The markup of the frame, and the addresses of frame and badge, at the dates that were chosen."""
    values = {"register": page.id, **of, **page.link_times()}
    live = page_url(frame_at, **values)
    return {
        "frame_markup": frame(absolute_url(live), title),
        "frame_at": live,
        "badge_at": page_url(badge_at, **values),
    }
