"""Any keys, faster than anybody types them; `python -m tests.reliability.keys` strikes them for as long as one likes."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.reliability.keys import in_bad_weather, made, sit


@pytest.mark.parametrize("seed", [1, 2])
def test_some_keys_at_random_end_nothing_and_each_screen_answers(tmp_path: Path, seed: int) -> None:
    assert sit(made(tmp_path / "w"), random.Random(seed), 10) > 0


@pytest.mark.timeout(600)
def test_some_keys_at_random_while_the_service_fails_end_nothing_and_lose_nobody() -> None:
    assert in_bad_weather(10, 1) > 0


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(3, 7))
def test_many_keys_at_random_end_nothing_and_each_screen_answers(tmp_path: Path, seed: int) -> None:
    assert sit(made(tmp_path / "w"), random.Random(seed), 240) > 0


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(2, 6))
def test_many_keys_at_random_while_the_service_fails_end_nothing_and_lose_nobody(seed: int) -> None:
    assert in_bad_weather(240, seed) > 0
