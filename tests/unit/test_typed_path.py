"""The names of files that are typed into a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_sync.ui.typed_path import is_there, located, objection


def test_a_typed_name_means_a_file_from_the_folder_on_and_a_tilde_the_home_folder(tmp_path: Path) -> None:
    assert located(" x.csv ", tmp_path) == tmp_path / "x.csv"
    assert located("/x.csv", tmp_path) == Path("/x.csv")
    assert located("~/x.csv", tmp_path) == Path.home() / "x.csv"
    assert located("~nobody-of-that-name/x.csv", tmp_path) == tmp_path / "~nobody-of-that-name" / "x.csv"


def test_a_file_to_read_has_to_be_there(tmp_path: Path) -> None:
    (tmp_path / "x.csv").touch()
    assert objection("x.csv", tmp_path, is_there) == ""
    assert objection("  ", tmp_path, is_there) == "Name a file."
    assert objection("y.csv", tmp_path, is_there) == f"There is no file {tmp_path / 'y.csv'}."


@pytest.mark.parametrize("error", [OSError(36, "File name too long"), PermissionError(13, "Permission denied")])
def test_a_name_that_cannot_be_looked_at_is_told_as_that(tmp_path: Path, error: OSError) -> None:
    def judge(_: Path) -> str:
        raise error

    assert objection("x", tmp_path, judge) == f"{tmp_path / 'x'} cannot be looked at: {error.strerror}."
