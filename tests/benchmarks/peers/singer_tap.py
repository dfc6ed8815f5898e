"""A Singer tap on the Meltano SDK: its messages go to standard output, for a target to read.

python -m tests.benchmarks.peers.singer_tap --config FILE, with {"origin": "http://..."} in the file.
"""

from __future__ import annotations

from typing import Any, Protocol

from singer_sdk import RESTStream, Tap
from singer_sdk import typing as th
from singer_sdk.pagination import BasePageNumberPaginator

from tests.benchmarks.job import COLUMNS, mapping, matches


class Response(Protocol):
    """What the SDK hands to the paginator."""

    def json(self) -> dict[str, Any]:
        """The body."""


class Pages(BasePageNumberPaginator):
    """Goes on while Recruit says that there is more."""

    def has_more(self, response: Response) -> bool:
        """Whether another page follows."""
        return bool(response.json()["info"]["more_records"])


class Leads(RESTStream[int]):
    """The records that match, mapped."""

    name = "leads"
    path = "/recruit/v2/Candidates"
    primary_keys = ("id",)
    records_jsonpath = "$.data[*]"
    mapped = staticmethod(mapping())
    schema = th.PropertiesList(
        *(th.Property(name, th.IntegerType if name == "rating" else th.StringType) for name in COLUMNS)
    ).to_dict()

    @property
    def url_base(self) -> str:
        """The page server."""
        return str(self.config["origin"])

    def get_new_paginator(self) -> Pages:
        """Pages count from one."""
        return Pages(1)

    def get_url_params(self, context: object, next_page_token: int | None) -> dict[str, Any]:
        """200 records a page."""
        return {"per_page": 200, "page": next_page_token}

    def post_process(self, row: dict[str, Any], context: object = None) -> dict[str, Any] | None:
        """Criteria, mapping, validation."""
        return self.mapped(row) if matches(row) else None


class Candidates(Tap):
    """The tap."""

    name = "tap-candidates"
    config_jsonschema = th.PropertiesList(th.Property("origin", th.StringType)).to_dict()

    def discover_streams(self) -> list[Leads]:
        """One stream."""
        return [Leads(self)]


if __name__ == "__main__":
    Candidates.cli()
