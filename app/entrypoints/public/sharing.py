"""What a page offers to those who want to show it elsewhere."""

from typing import Any

from markupsafe import escape

from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.page import Page

FRAME_WIDTH_PX, FRAME_HEIGHT_PX = 640, 360
"""Of a frame, in pixels."""


def frame_markup(source: str, title: str, width: int = FRAME_WIDTH_PX, height: int = FRAME_HEIGHT_PX) -> str:
    """The markup that shows a frame on another site."""
    size = f'width="{width}" height="{height}"'
    return f'<iframe src="{escape(source)}" title="{escape(title)}" {size} loading="lazy"></iframe>'


def sharing_values(page: Page, frame_endpoint: str, badge_endpoint: str, title: str, **of: str) -> dict[str, Any]:
    """The markup of the frame, and the addresses of frame and badge, at the dates that were chosen."""
    values = {"register": page.id, **of, **page.link_times()}
    frame_url = page_url(frame_endpoint, **values)
    return {
        "frame_markup": frame_markup(absolute_url(frame_url), title),
        "frame_url": frame_url,
        "badge_url": page_url(badge_endpoint, **values),
    }
