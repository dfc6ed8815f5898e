"""A program that is open all day keeps nothing of the screens that were left."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest
from textual.widget import Widget

from tests.ui.driver import acting, opened


@acting
@pytest.mark.parametrize("keys", [("enter", "escape"), ("5", "escape"), ("question_mark", "escape"), ("colon", "escape")])
async def test_what_was_drawn_on_a_screen_goes_with_it(ran: Path, keys: tuple[str, str]) -> None:
    there, back = keys
    async with opened(ran) as ui:
        await ui.press(there)
        await ui.idle()
        caches = [widget._styles_cache for widget in ui.app.screen.query(Widget)]
        drawn = [weakref.ref(cache) for cache in caches if cache._cache]
        del caches
        assert len(drawn) >= 2
        await ui.press(back)
        await ui.idle()
        await ui.press("down")
        gc.collect()
        assert [cache for cache in drawn if cache() is not None] == []
