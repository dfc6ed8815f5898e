"""What is fuzzed: for each target the inputs, and a check that lets nothing out but the errors that are declared."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import httpx
from hypothesis import strategies as st

from tests.contract.wire_fixtures import NOW, QUERY, FakeCache, Line, line
from tests.reliability.fuzz_inputs import (
    ANY,
    CONDITION,
    CSV,
    DEFINITIONS,
    FIELD,
    HELD,
    HUB,
    RECRUIT,
    TEXT,
    TOKENS,
    URL,
    WORDS,
    json_answers,
)
from tests.unit.definition_samples import CATALOGUE
from tui_sync.model.addresses import AddressRules, key_of
from tui_sync.model.criteria import pattern
from tui_sync.model.criteria.compile import CriteriaError, compile_condition
from tui_sync.model.criteria.explain import describe, shown
from tui_sync.model.criteria.operators import check, warn
from tui_sync.model.definitions import parse, render, resolve
from tui_sync.model.errors import DefinitionError, TuiSyncError, UsageError
from tui_sync.model.hub import MemberState, Remove, Subscribe, Unsubscribe
from tui_sync.model.records import Field
from tui_sync.model.sync import Condition
from tui_sync.model.text import csv_safe, visible
from tui_sync.model.webhook import check_webhook
from tui_sync.net.client import checked_origin, read_url
from tui_sync.services import suppression

ZONE, TODAY = ZoneInfo("Asia/Kolkata"), date(2026, 3, 1)


class Target(NamedTuple):
    """What is made up, and what is done with it: raises for anything that is not declared."""

    inputs: st.SearchStrategy[Any]
    try_one: Callable[[Any], None]


def _pattern(given: tuple[str, int]) -> None:
    text, rows = given
    with suppress(pattern.PatternError):
        node = pattern.parse(text, rows)
        assert pattern.parse(pattern.normal(node), rows) == node
        assert pattern.parse(pattern.display(node), rows) == node


def _definitions(text: str) -> None:
    with suppress(DefinitionError):
        for one in parse(text, "fuzzed.toml"):
            sync = resolve(one, CATALOGUE, sync_id="1", created=NOW, file="fuzzed.toml").sync
            written = render([sync], "UTC")
            again = resolve(parse(written, "again.toml")[0], CATALOGUE, sync_id="1", created=NOW, file="again.toml").sync
            assert again == sync, written


def _address(text: str) -> None:
    verdict = AddressRules().check(text)
    assert bool(verdict.key) or verdict.reason is not None
    if verdict.key:
        assert AddressRules().check(verdict.key).key == verdict.key
        assert key_of(text) == verdict.key


def _criteria(given: tuple[Field, Condition, Sequence[Any]]) -> None:
    field, condition, values = given
    mistake, _ = check(condition, field), (warn(condition, field), describe(condition, field))
    try:
        test = compile_condition(condition, field, 0, ZONE, TODAY)
    except CriteriaError:
        return
    assert mistake is None, mistake
    for value in values:
        assert test((value,)) in (True, False)
        shown(value, field, ZONE)


def _webhook(url: str) -> None:
    for private in (False, True):
        if url and not check_webhook(url, private):
            target = read_url(url)
            assert target is None or (target.host and target.scheme in ("http", "https"))
    with suppress(UsageError):
        origin = checked_origin(url)
        assert checked_origin(origin) == origin


def _csv(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "people.csv"
        path.write_bytes(content)
        with suppress(UsageError):
            for email, why in asyncio.run(suppression._rows(path)).items():
                assert key_of(email) == email
                assert visible(why) == why != ""
                assert suppression.plain(csv_safe(why)) == why


Scenario = Callable[[Line], Any]


async def _recruit(connection: Line) -> None:
    recruit = connection.recruit()
    for work in (recruit.modules(), recruit.fields("Candidates"), recruit.views("Candidates")):
        with suppress(TuiSyncError):
            await work
    with suppress(TuiSyncError):
        async for page in recruit.records(QUERY):
            assert all(record.id for record in page.records)
    with suppress(TuiSyncError):
        async for rows in recruit.deleted("Candidates", NOW):
            assert all(row.id for row in rows)


async def _hub(connection: Line) -> None:
    hub = connection.hub(limited=False)
    with suppress(TuiSyncError):
        await hub.lists()
    with suppress(TuiSyncError):
        await hub.fields()
    with suppress(TuiSyncError):
        async for members in hub.members("key", MemberState.ACTIVE):
            assert all(member.email == member.email.strip().lower() for member in members)
    with suppress(TuiSyncError):
        calls = (Subscribe("key", "a@example.org", {"City": "x"}), Unsubscribe("key", "a@example.org"), Remove("a@example.org"))
        await hub.deliver(calls)


async def _oauth(connection: Line) -> None:
    connection.cache.kept = None
    with suppress(TuiSyncError):
        token = await connection.tokens.token(connection.monitor)
        assert token.isascii()
        assert token.isprintable()


def _answering(scenario: Scenario) -> Callable[[Any], None]:
    """A scenario over answers that are given in turn; after them there is nothing any more."""

    def try_one(answers: Sequence[tuple[int, dict[str, str], bytes]]) -> None:
        left = list(answers)

        def answer(_: httpx.Request) -> httpx.Response:
            status, headers, body = left.pop(0) if left else (204, {}, b"")
            coded = [(name.encode(), text.encode("latin-1")) for name, text in headers.items()]
            return httpx.Response(status, headers=coded, stream=httpx.ByteStream(body))

        async def run() -> None:
            async with line("https://fuzzed.example.com", httpx.MockTransport(answer)) as connection:
                connection.cache.kept = FakeCache(("token", NOW + timedelta(days=9))).kept
                await scenario(connection)

        asyncio.run(run())

    return try_one


TARGETS: dict[str, Target] = {
    "pattern": Target(st.tuples(st.one_of(WORDS.map(" ".join), WORDS.map("".join), ANY), st.integers(0, 25)), _pattern),
    "definitions": Target(DEFINITIONS, _definitions),
    "addresses": Target(
        st.one_of(ANY, st.emails(), TEXT.map(lambda text: f"{text}@example.org"), TEXT.map(lambda text: f"a@{text}.org")),
        _address,
    ),
    "criteria": Target(st.tuples(FIELD, CONDITION, st.lists(HELD, max_size=4)), _criteria),
    "webhook": Target(st.one_of(URL, ANY), _webhook),
    "csv": Target(st.one_of(CSV, st.binary(max_size=80)), _csv),
    "recruit": Target(json_answers(RECRUIT), _answering(_recruit)),
    "hub": Target(json_answers(HUB), _answering(_hub)),
    "oauth": Target(json_answers(TOKENS), _answering(_oauth)),
}
"""Name -> what is fuzzed."""
