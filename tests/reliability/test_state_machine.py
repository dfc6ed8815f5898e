"""The state machine in a short form; the long one is `python -m tests.reliability.state_machine`, or `pytest -m slow`."""

from __future__ import annotations

import pytest

from tests.reliability.state_machine import tried_for


def test_no_mixture_of_runs_faults_edits_and_changes_breaks_a_rule() -> None:
    assert tried_for(examples=40, steps=20, number=0) > 0


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_mixture_breaks_a_rule_in_many_examples() -> None:
    for number in range(1, 11):
        assert tried_for(examples=100, steps=40, number=number) > 0
