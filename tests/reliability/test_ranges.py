"""The short form of `python -m tests.reliability.ranges`: what is installed lies within the ranges, and each has two ends."""

from __future__ import annotations

from importlib.metadata import version

import pytest
from packaging.requirements import Requirement

from tests.reliability.ranges import lowest, requirements

BY_DATE = {"tzdata"}
"""Packages that are numbered by the year and only ever add to what they had."""


@pytest.mark.parametrize("required", [text for extra in ("", "test") for text in requirements()[extra]])
def test_a_dependency_has_two_ends_and_is_installed_between_them(required: str) -> None:
    parsed = Requirement(required)
    assert parsed.specifier.contains(version(parsed.name))
    assert ("<" in required) == (parsed.name not in BY_DATE)
    assert parsed.specifier.contains(Requirement(lowest([required])[0]).specifier.__str__().removeprefix("=="))
