"""Where the files of a chart are, and the HTML that shows it on another site."""

from markupsafe import escape
from msgspec import Struct

from app.entrypoints.http.urls import absolute_url, page_url
from app.presentation.pictures.chart_file import WIDTH


class ChartLinks(Struct, frozen=True):
    svg: str
    png: str
    markup: str


def chart_links(endpoint: str, page_endpoint: str, alternative: str, **values: str) -> ChartLinks:
    """`values` are those of the addresses of chart and page, with dates; `alternative` says what the chart shows."""
    svg, page = page_url(endpoint, form="svg", **values), absolute_url(page_url(page_endpoint, **values))
    picture = f'<img src="{escape(absolute_url(svg))}" alt="{escape(alternative)}" width="{WIDTH}"'
    markup = f'<a href="{escape(page)}">{picture} style="max-width:100%;height:auto"></a>'
    return ChartLinks(svg, page_url(endpoint, form="png", **values), markup)
