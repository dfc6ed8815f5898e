"""The short form of `python -m tests.reliability.fuzz`: some inputs for every target."""

from __future__ import annotations

import pytest

from tests.reliability import fuzz
from tests.reliability.fuzz_targets import TARGETS, Target

INPUTS = 40


@pytest.mark.parametrize("name", TARGETS)
def test_made_up_input_brings_out_nothing_but_declared_errors(name: str) -> None:
    fuzz.Fuzzed(name).property(INPUTS)()


def test_an_error_that_is_not_declared_and_a_hang_are_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    def forever(_: object) -> None:
        while True:
            pass

    def wrong(_: object) -> None:
        raise LookupError

    monkeypatch.setattr(fuzz, "LONGEST", 0.05)
    for broken, finding in ((forever, fuzz.Hang), (wrong, LookupError)):
        monkeypatch.setitem(TARGETS, "webhook", Target(TARGETS["webhook"].inputs, broken))
        with pytest.raises(finding):
            fuzz.Fuzzed("webhook").property(1)()
