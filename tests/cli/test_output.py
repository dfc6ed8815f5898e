"""What is printed on stdout, as tables, JSON and CSV."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest

from tui_sync.cli import output

ESCAPE = "\x1b[2J"
RIGHT_TO_LEFT = "\u202e"


class Terminal(io.StringIO):
    """A stdout that is a terminal."""

    def isatty(self) -> bool:
        return True


def narrow(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make stdout a terminal of 20 columns; in the test's own phase, since pytest sets stdout anew for each."""
    terminal = Terminal()
    monkeypatch.setattr("sys.stdout", terminal)
    monkeypatch.setenv("COLUMNS", "20")
    return terminal


def test_a_table_has_its_numbers_to_the_right_and_its_words_to_the_left(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("List", "Active"), [["Zylker", 5], ["News", 1200]])
    assert capsys.readouterr().out == "List    Active\nZylker       5\nNews      1200\n"


def test_an_empty_table_is_its_header(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("List", "Active"), [])
    assert capsys.readouterr().out == "List  Active\n"


def test_nothing_is_cut_where_stdout_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("Detail",), [["x" * 400]])
    assert "x" * 400 in capsys.readouterr().out


def test_a_table_fits_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = narrow(monkeypatch)
    output.table(("Email", "Detail"), [["a@example.org", "a long sentence about it"]])
    lines = terminal.getvalue().splitlines()
    assert all(len(line) <= 20 for line in lines)
    assert lines[1].count("\N{HORIZONTAL ELLIPSIS}") == 2


def test_a_long_table_is_printed_while_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = narrow(monkeypatch)

    def rows() -> Iterator[list[str | int | None]]:
        for number in range(output.SAMPLE + 2):
            if number > output.SAMPLE:
                assert terminal.getvalue()
            yield [f"record {number}"]

    output.table(("Record",), rows())
    assert terminal.getvalue().count("\n") == output.SAMPLE + 3


@pytest.mark.parametrize("hostile", [ESCAPE, RIGHT_TO_LEFT, "two\nlines", "\x9b31m"])
def test_foreign_text_cannot_steer_the_terminal(hostile: str, capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("Name",), [[hostile]])
    output.fields([("Name", hostile)])
    output.text(hostile)
    output.one("name", hostile)
    output.json_lines([hostile])
    output.comma_separated(("Name",), [[hostile]])
    printed = capsys.readouterr().out
    assert hostile not in printed
    assert printed.count("\n") == 8


def test_json_is_ascii_and_gives_the_text_back(capsys: pytest.CaptureFixture[str]) -> None:
    output.one("name", "Zoë \u202e\x1b")
    printed = capsys.readouterr().out
    assert printed.isascii()
    assert json.loads(printed) == {"name": "Zoë \u202e\x1b"}


@pytest.mark.parametrize("items", [[], [1], [{"a": None}, {"b": "x"}]])
def test_a_listing_is_one_object_with_one_key(items: list[object], capsys: pytest.CaptureFixture[str]) -> None:
    output.listing("things", items)
    assert json.loads(capsys.readouterr().out) == {"things": items}


def test_no_cell_of_a_csv_is_a_formula(capsys: pytest.CaptureFixture[str]) -> None:
    output.comma_separated(("Name", "Age"), [["=1+1", -5], [None, "a,b"]])
    assert capsys.readouterr().out == "Name,Age\n'=1+1,-5\n,\"a,b\"\n"


def test_numbers_stand_to_the_right_also_where_one_is_not_known_yet(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("Run", "Total", "Note"), [["2", None, None], ["1", 677, None]])
    assert capsys.readouterr().out.splitlines() == ["Run  Total  Note", "2", "1      677"]


def test_names_of_columns_and_values_are_foreign_text_too(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = f"City{ESCAPE}{RIGHT_TO_LEFT}"
    output.fields([(hostile, "from City")])
    output.table((hostile,), [["Berlin"]])
    output.comma_separated((hostile, "=HYPERLINK(1)"), [["Berlin", "x"]])
    out = capsys.readouterr().out
    assert ESCAPE not in out
    assert RIGHT_TO_LEFT not in out
    assert out.splitlines()[-2:] == ["City\\x1b[2J\\u202e,'=HYPERLINK(1)", "Berlin,x"]
