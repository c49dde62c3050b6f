"""The embed code and badge that a page offers."""

from markupsafe import escape

from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.page import Page

FRAME_WIDTH_PX, FRAME_HEIGHT_PX = 640, 360
"""The size of a frame."""


def frame_markup(source: str, title: str, width: int = FRAME_WIDTH_PX, height: int = FRAME_HEIGHT_PX) -> str:
    """The HTML that embeds a frame on another site."""
    size = f'width="{width}" height="{height}"'
    return f'<iframe src="{escape(source)}" title="{escape(title)}" {size} loading="lazy"></iframe>'


def sharing_values(page: Page, frame_endpoint: str, badge_endpoint: str, title: str, **of: str) -> dict[str, object]:
    """The HTML of the frame, and the addresses of frame and badge, at the chosen dates."""
    values = {"register": page.id, **of, **page.link_times()}
    frame_url = page_url(frame_endpoint, **values)
    return {
        "frame_markup": frame_markup(absolute_url(frame_url), title),
        "frame_url": frame_url,
        "badge_url": page_url(badge_endpoint, **values),
    }
