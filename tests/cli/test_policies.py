"""`policies`: the three policies, who is exempt, and applying them to those too."""

from __future__ import annotations

from tests.cli.conftest import NEWSLETTER, Program


def stricter(tui: Program) -> None:
    """Two people fetched under keep, one of them opted out since, then a stricter policy."""
    tui.people(2)
    keep = NEWSLETTER.replace('on_opt_out = "remove-from-list"\n', "")
    tui.apply(keep)
    tui("run", "Newsletter")
    tui.recruit.edit("1", opted_out=True)
    tui.apply(NEWSLETTER)
    tui("run", "Newsletter")


def test_policies_are_told_with_the_number_of_those_exempt(tui: Program) -> None:
    stricter(tui)
    ended = tui("policies", "Newsletter")
    assert ended.status == 0
    assert ended.lines == [
        "Sync       Newsletter",
        "Opted out  ignored, and removed from this list; 2 people are exempt",
        "Deleted    removed from this list; 2 people are exempt",
        "Converted  kept, treated like anybody",
        "Exempt     2 people",
        "2 people are exempt: the sync fetched them under weaker policies, and those act on them for good.",
        "Applied to them too, the next run would remove 1 person (Opted out 1).",
    ]
    assert tui("policies", "Newsletter", "--json").json("policies") == {
        "sync": "Newsletter",
        "policies": {"on_opt_out": "remove-from-list", "on_delete": "remove-from-list", "on_convert": "keep"},
        "exempt": {"people": 2, "on_opt_out": 2, "on_delete": 2, "on_convert": 0},
        "would_leave": {"opted_out": 1},
    }


def test_applied_to_the_exempt_they_act_in_the_next_run(tui: Program) -> None:
    stricter(tui)
    ended = tui("policies", "Newsletter", "--apply-to-exempt")
    assert "act on 2 more people" in ended.err
    assert "Exempt     nobody" in ended.lines
    run = tui("run", "Newsletter", "--json").json("run")
    assert (run["full"], run["counts"]["deleted"]) == (True, 1)


def test_nobody_is_exempt_before_the_first_run(tui: Program) -> None:
    tui.apply()
    assert "Exempt     nobody" in tui("policies", "Newsletter").lines
    assert tui("policies", "Nothing").status == 2
