"""One search over everything."""

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import operation
from ohmstead.web.console.search import found

router = Router(tags=["Search"])


class SearchQuery(Schema):
    q: str = Field("", max_length=80, description="Two letters at least.", examples=["HILL"])


class HitOut(Schema):
    kind: str = Field(examples=["Station"])
    title: str = Field(examples=["HILL-1"])
    detail: str
    url: str = Field(description="Its page in the console.", examples=["/console/stations/HILL-1"])


class HitsOut(Schema):
    items: list[HitOut]


@operation(router, "GET", "/search", "search", "Search over everything", answers=HitsOut)
def search(request: HttpRequest, query: Query[SearchQuery]) -> HitsOut:
    """The best of each kind of thing, stations and sites first."""
    text = query.q.replace("\0", "").strip()
    hits = [
        HitOut(kind=str(each.kind), title=each.title, detail=str(each.detail), url=each.url)
        for each in found(viewer(request), text)
    ]
    return HitsOut(items=hits)
