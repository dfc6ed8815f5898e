"""The screen that tells everything about one address."""

from __future__ import annotations

from pathlib import Path

from tests.ui.driver import acting, opened
from tui_sync.model.ledger import MembershipState
from tui_sync.model.outcomes import Status


@acting
async def test_an_address_typed_tells_every_sync_list_and_outcome(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("f", '"Webmaster@zylker.com"', "enter")
        assert 'The sync "All alumni" knows it' in ui.text()
        assert "Ignored, Group email" in ui.text()


@acting
async def test_an_unknown_address_says_so_and_names_known_ones_like_it(ran: Path) -> None:
    async with opened(ran) as ui:
        known = next(iter(ui.app.desk.workspace.ledger.memberships_in(ui.app.desk.sync("All alumni").list_key))).email
        local = known.partition("@")[0]
        ui.app.go.people()
        await ui.pilot.pause()
        await ui.press(f'"{local}"', '"@nowhere.example"', "enter")
        assert f"Nothing is known of {local}@nowhere.example." in ui.text()
        assert known in ui.text()
        await ui.press("escape", "x")
        assert f"{local}@nowhere.examplex" in ui.text(), "the entry keeps the keys to try another address"


@acting
async def test_the_key_line_shows_the_keys_that_act_while_an_address_is_typed(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("f")
        assert ui.lines()[-1].startswith(" enter look it up  esc back ")
        await ui.press('"nobody@nowhere.example"', "enter")
        assert "Nothing is known" in ui.text()
        assert "suppress" not in ui.lines()[-1], "it would type an s"
        await ui.press("ctrl+u", '"webmaster@zylker.com"', "enter")
        assert ui.lines()[-1].startswith(" / find  x take out  s suppress ")
        await ui.press("slash")
        assert ui.lines()[-1].startswith(" enter look it up ")


@acting
async def test_somebody_in_several_lists_is_taken_out_of_the_one_chosen(ran: Path) -> None:
    async with opened(ran) as ui:
        ledger = ui.app.desk.workspace.ledger
        names = {sync.list_key: sync.list_name for sync in ui.app.desk.workspace.syncs.all()}
        lists: dict[str, list[str]] = {}
        for key in names:
            for member in ledger.memberships_in(key):
                if member.state is MembershipState.ACTIVE:
                    lists.setdefault(member.email, []).append(key)
        email = next(email for email, keys in lists.items() if len(keys) > 1)
        ui.app.go.people(email)
        await ui.pilot.pause()
        await ui.press("x")
        await ui.until_text(f"Take {email} out of")
        chosen = names[lists[email][1]]
        await ui.press(f'"{chosen}"', "enter")
        await ui.until_text("No sync brings them back into this list")
        await ui.press("y")
        await ui.until(lambda: "and no sync brings them back" in " ".join(ui.text().split()))
        states = {names[member.list_key]: member.state for member in ledger.memberships_of([email])}
        assert [name for name, state in states.items() if state is MembershipState.BY_HAND] == [chosen]


@acting
async def test_the_next_address_is_typed_after_a_slash(ran: Path) -> None:
    async with opened(ran) as ui:
        ui.app.go.people("webmaster@zylker.com")
        await ui.pilot.pause()
        await ui.press("slash", "ctrl+u", '"opal.outley@zylker.com"', "enter")
        assert "People > opal.outley@zylker.com" in ui.lines()[0]
        await ui.press("escape")
        assert "Syncs" in ui.lines()[0]


@acting
async def test_an_unknown_address_offers_known_ones_like_it_to_choose_from(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("f", '"opal.outly@zylker.com"', "enter")
        await ui.until_text("Known addresses like it:")
        await ui.press('"opal.outley"', "enter")
        assert "People > opal.outley@zylker.com" in ui.lines()[0]


@acting
async def test_somebody_ignored_who_is_in_no_list_is_found_by_the_beginning_of_the_address(ran: Path) -> None:
    async with opened(ran) as ui:
        ledger = ui.app.desk.workspace.ledger
        ignored = [
            outcome.email for run in ui.app.desk.workspace.runs.all() for outcome in ui.app.desk.workspace.runs.outcomes(run.id)
            if outcome.status is Status.IGNORED and outcome.email and ledger.entries_of([outcome.email])
            and not ledger.memberships_of([outcome.email])
        ]  # fmt: skip
        email = ignored[0]
        await ui.press("f", f'"{email.partition("@")[0]}"', "enter")
        assert email in ui.text()
