"""The embed code and badge that a page offers."""

from markupsafe import escape

from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.page import Page
from app.presentation.pictures.frame_height import FrameText
from domain.times import compact

FRAME_WIDTH_PX = 640
FRAMED_PAGES = {"public.embed": "public.scorecard", "public.embed_recommendation": "public.recommendation"}
"""By frame, the page that it shows a part of."""


def frame_markup(source: str, title: str, width: int, height: int) -> str:
    """The HTML that embeds a frame on another site."""
    size = f'width="{width}" height="{height}" style="max-width:100%;border:0"'
    return f'<iframe src="{escape(source)}" title="{escape(title)}" {size} loading="lazy"></iframe>'


def sharing_values(
    page: Page, frame_endpoint: str, badge_endpoint: str, title: str, frame: FrameText, **of: str
) -> dict[str, object]:
    """The HTML of the frame, and the addresses of frame and badge, at the chosen dates; links without dates, and since
    the instant of the page.
    """
    since = {"from": page.times.as_of.isoformat(), "known_from": compact(page.times.known_at)}
    values = {"register": page.id, **of, **page.link_times()}
    frame_url = page_url(frame_endpoint, **values)
    markup = frame_markup(absolute_url(frame_url), title, FRAME_WIDTH_PX, frame.height(FRAME_WIDTH_PX))
    return {
        "frame_markup": markup,
        "frame_script": f'<script src="{absolute_url("/embed.js")}" async></script>',
        "frame_url": frame_url,
        "badge_url": page_url(badge_endpoint, **values),
        "live_url": absolute_url(page_url(FRAMED_PAGES[frame_endpoint], register=page.id, **of)),
        "since_url": absolute_url(page_url("public.compare", register=page.id, **since)),
    }
