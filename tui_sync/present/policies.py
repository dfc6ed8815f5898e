"""The policies of a sync and who is exempt from them: rows, sentences and JSON."""

from __future__ import annotations

from collections.abc import Iterator

from tui_sync.model.outcomes import LABELS
from tui_sync.model.sync import Removal, Sync
from tui_sync.present.syncs import CONVERSION_WORDS, DELETION_WORDS, POLICY_WORDS
from tui_sync.present.words import counted
from tui_sync.services.policies import NAMES, Exempt, value

TITLES = {"on_opt_out": "Opted out", "on_delete": "Deleted", "on_convert": "Converted"}
WRITES = "At Marketing Automation the hub may write to the people whom a sync adds to a list."


def policy_fields(sync: Sync, found: Exempt) -> list[tuple[str, str | int | None]]:
    """The three policies in words, each with the number of those exempt from it."""
    words = {"on_opt_out": POLICY_WORDS, "on_delete": DELETION_WORDS, "on_convert": CONVERSION_WORDS}
    lines: list[tuple[str, str | int | None]] = [("Sync", sync.name)]
    for name in NAMES:
        number = found.by_policy.get(name, 0)
        told = f"; {counted(number, 'person is', 'people are')} exempt" if number else ""
        lines.append((TITLES[name], f"{words[name][value(sync.policies, name)]}{told}"))
    lines.append(("Exempt", counted(found.people, "person", "people") if found.people else "nobody"))
    return lines


def exempt_sentences(found: Exempt) -> Iterator[str]:
    """What being exempt means, and what applying the policies to these people would do."""
    if not found.people:
        return
    who = counted(found.people, "person is", "people are")
    yield f"{who} exempt: the sync fetched them under weaker policies, and those act on them for good."
    if found.leaving:
        causes = ", ".join(f"{LABELS[cause]} {number}" for cause, number in found.leaving)
        total = sum(number for _, number in found.leaving)
        yield f"Applied to them too, the next run would remove {counted(total, 'person', 'people')} ({causes})."


def exempt_object(sync: Sync, found: Exempt) -> dict[str, object]:
    """The same as JSON."""
    return {
        "sync": sync.name,
        "policies": {name: value(sync.policies, name).value for name in NAMES},
        "exempt": {"people": found.people, **{name: found.by_policy.get(name, 0) for name in NAMES}},
        "would_leave": {cause.value: number for cause, number in found.leaving},
    }


def there(removal: Removal, number: int) -> str:
    """What a removal of so many people is at Marketing Automation; empty for keep."""
    who = counted(number, "person", "people")
    match removal:
        case Removal.LIST:
            return f"At Marketing Automation that is an unsubscribe of {who}, and the hub may write to them."
        case Removal.HUB:
            return f"At Marketing Automation that is a permanent Do-Not-Mail for {who}; it cannot be taken back from here."
        case _:
            return ""
