"""A feed as JSON Feed, version 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json

from app.presentation.narrative.feed_entries import Feed, FeedEntry, entry_text
from domain.times import written

MIMETYPE = "application/feed+json"


def to_json_feed(feed: Feed) -> bytes:
    return json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            **({"description": feed.reach} if feed.reach else {}),
            "home_page_url": feed.page,
            "feed_url": feed.own,
            "language": feed.language,
            "authors": [{"name": feed.author}],
            "items": [_item(entry) for entry in feed.entries],
        },
        ensure_ascii=False,
    ).encode()


def _item(entry: FeedEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "content_text": entry_text(entry),
        "date_published": written(entry.published),
        "date_modified": written(entry.updated),
        "tags": list(entry.codes),
        "language": entry.language,
    }
