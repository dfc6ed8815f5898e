"""corrections: the addresses that look misspelt, accepted and dropped from the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Program


@pytest.fixture
def doubtful(tui: Program) -> Program:
    """Two misspelt addresses that a run has ignored."""
    tui.people(1)
    tui.recruit.add("2", "john@gnail.com")
    tui.recruit.add("3", "ann@hotmial.com")
    tui.apply()
    tui("run", "Newsletter")
    return tui


def test_the_queue_and_the_accepted_corrections_are_one_listing(doubtful: Program) -> None:
    assert doubtful("corrections", "accept", "john@gnail.com").status == 0
    known = doubtful("corrections", "--json").json("corrections")
    assert [(c["wrong"], c["right"], c["state"]) for c in known] == [
        ("ann@hotmial.com", "ann@hotmail.com", "to_review"), ("john@gnail.com", "john@gmail.com", "accepted"),
    ]  # fmt: skip
    assert known[0]["syncs"] == ["Newsletter"]
    assert known[0]["records"] == ["3"]
    table = doubtful("corrections").lines
    assert len(table) == 3
    assert "ann@hotmail.com?" in table[1]


def test_an_accepted_correction_is_delivered_and_told_by_explain(doubtful: Program) -> None:
    doubtful("corrections", "accept", "john@gnail.com", "--as", "J.Doe@example.org")
    doubtful("run", "Newsletter")
    assert "j.doe@example.org" in doubtful("leads", "Zylker", "--format", "csv").out
    told = doubtful("explain", "john@gnail.com").lines
    assert told[0] == "j.doe@example.org"
    assert "john@gnail.com in Recruit is taken for this address" in told[1]
    assert doubtful("corrections", "drop", "john@gnail.com").status == 0
    assert doubtful("corrections", "drop", "john@gnail.com").status == 2


def test_all_are_accepted_at_once(doubtful: Program) -> None:
    assert doubtful("corrections", "accept", "--all").status == 0
    doubtful("run", "Newsletter")
    assert {c["state"] for c in doubtful("corrections", "--json").json("corrections")} == {"accepted"}
    assert len(doubtful("leads", "Zylker", "--format", "csv").lines) == 4


@pytest.mark.parametrize(
    "arguments",
    [(), ("a@b.example", "--all"), ("--all", "--as", "a@b.example"), ("1@example.org",), ("john@gnail.com", "--as", "x")],
)
def test_what_cannot_be_accepted_is_wrong_usage(arguments: tuple[str, ...], doubtful: Program) -> None:
    assert doubtful("corrections", "accept", *arguments).status == 2


@pytest.mark.parametrize("address", ["john@gnail.com", " JOHN@gnail.com"])
def test_a_misspelt_address_is_explained_by_the_record_that_carries_it(address: str, doubtful: Program) -> None:
    told = doubtful("explain", address).out
    assert 'The sync "Newsletter" knows it from record 2.' in told
    assert "Run 1, 2026-03-02 09:40: Ignored, Invalid pattern." in told
