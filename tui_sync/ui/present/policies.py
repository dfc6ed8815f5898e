"""The three policies in words: what each value means for people, and what becomes stronger by an edit."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from tui_sync.model.records import Module
from tui_sync.model.sync import Policies, Removal
from tui_sync.model.text import visible
from tui_sync.present.policies import exempt_sentences, there
from tui_sync.present.words import counted
from tui_sync.services.policies import Exempt
from tui_sync.services.policies import value as in_force
from tui_sync.ui.present.options import Option

CONVERTING = "Candidates"
"""The only module whose records are converted."""
FOLLOWS = "follow"
"""The value shown for `on_delete` while it is not set by itself."""

LABELS = {
    "on_opt_out": "People who opted out",
    "on_delete": "People deleted",
    "on_convert": "People converted",
}
"""Policy -> its label, in the order of the form."""

WORDS = {Removal.KEEP: "keep", Removal.LIST: "remove from list", Removal.HUB: "remove from hub"}

_SHORT = {
    ("on_opt_out", Removal.KEEP): "Opted-out people are imported like anybody else.",
    ("on_opt_out", Removal.LIST): "Ignored; those this sync brought leave its list.",
    ("on_opt_out", Removal.HUB): "Ignored; those this sync brought leave the whole hub.",
    ("on_delete", Removal.KEEP): "Nothing happens to people whose record is deleted.",
    ("on_delete", Removal.LIST): "Those this sync brought leave its list.",
    ("on_delete", Removal.HUB): "Those this sync brought leave the whole hub.",
    ("on_convert", Removal.KEEP): "They stay and are treated like anybody else.",
    ("on_convert", Removal.LIST): "They leave this list only; other lists may take them.",
    ("on_convert", Removal.HUB): "They leave the hub; no sync takes them until lifted.",
}
"""What a value means, beside its label: at most 54 cells, so that the form fits on a small terminal."""
_FOLLOWED = {Removal.KEEP: "nothing happens.", Removal.LIST: "they leave its list.", Removal.HUB: "they leave the hub."}
_MEANINGS = {
    ("on_opt_out", Removal.LIST): "Opted-out people are ignored; those whom this sync brought leave its list.",
    ("on_opt_out", Removal.HUB): "Opted-out people are ignored; those whom this sync brought leave the whole hub.",
    ("on_delete", Removal.LIST): "People whom this sync brought leave its list when their record is deleted.",
    ("on_delete", Removal.HUB): "People whom this sync brought leave the whole hub when their record is deleted.",
    ("on_convert", Removal.LIST): "Converted candidates leave this list and are ignored for it; other lists may take them.",
    ("on_convert", Removal.HUB): "Converted candidates leave the whole hub; every sync ignores them until lifted by hand.",
}
MARKETING = "At Marketing Automation remove from list is an unsubscribe, remove from hub a permanent Do-Not-Mail."
_MEANS_THERE = {
    Removal.LIST: "Leaving a list is an unsubscribe at Marketing Automation, which may write to the people.",
    Removal.HUB: "Leaving the hub is a permanent Do-Not-Mail at Marketing Automation: nobody can take it back from here.",
}


def taken(policies: Policies, name: str) -> str:
    """What the form shows as taken."""
    value: Removal | None = getattr(policies, name)
    return FOLLOWS if value is None else value.value


def with_value(policies: Policies, name: str, value: str) -> Policies:
    """The policies after a choice in the form."""
    return msgspec.structs.replace(policies, **{name: None if value == FOLLOWS else Removal(value)})


def why_not(name: str, module: Module | None) -> str:
    """Why one policy can only keep people in a module; empty where it can do more, or the module is not known yet."""
    if module is None:
        return ""
    if name == "on_opt_out" and not module.has_opt_out:
        return f"{visible(module.label)} has no field Email Opt Out that tells who opted out."
    if name == "on_convert" and module.name != CONVERTING:
        return f"Without effect: {visible(module.label)} are never converted."
    return ""


def options(name: str, module: Module | None) -> list[Option]:
    """The choices of one policy."""
    why = why_not(name, module)
    follow = [Option(FOLLOWS, "same")] if name == "on_delete" else []
    return follow + [Option(value.value, word, "" if value is Removal.KEEP else why) for value, word in WORDS.items()]


def sentence(policies: Policies, name: str, module: Module | None) -> str:
    """What the value of one policy means, or why there is no choice."""
    why = why_not(name, module)
    if why:
        return why
    value = in_force(policies, name)
    if name == "on_delete" and policies.on_delete is None:
        return f"As for those who opted out: {_FOLLOWED[value]}"
    return _SHORT[name, value]


def stronger(before: Policies, after: Policies) -> tuple[str, ...]:
    """The policies that remove more people than before, in the order of the form."""
    return tuple(name for name in LABELS if in_force(after, name).strength > in_force(before, name).strength)


def strongest(policies: Policies, names: Sequence[str]) -> Removal:
    """The strongest value among some policies."""
    return max((in_force(policies, name) for name in names), key=lambda value: value.strength, default=Removal.KEEP)


def warning(before: Policies, after: Policies, *, exempt: int = 0, brought: int = 0, marketing: bool) -> list[str]:
    """What somebody should know before policies become stronger, a paragraph each; empty where none does. So many people would
    be `exempt`, so many were `brought` by the sync already."""
    names = stronger(before, after)
    if not names:
        return []
    told = [_MEANINGS[name, in_force(after, name)] for name in names]
    there = [_MEANS_THERE[value] for value in dict.fromkeys(in_force(after, name) for name in names)] if marketing else []
    if exempt:
        keep = counted(exempt, "person whom the sync has fetched already keeps", "people whom the sync has fetched already keep")
        kept = f"This is not retroactive: {keep} the policies of the first fetch."
    elif brought:
        kept = "Nobody is exempt: this concerns everybody whom the sync brought."
    else:
        kept = "This concerns everybody fetched from now on, also whom another sync brought; so far this one has brought nobody."
    return [" ".join(told), *there, kept]


def initiating(name: str, policies: Policies, *, marketing: bool) -> tuple[str, list[str], str] | None:
    """The question before a sync is initiated whose policies remove people from Marketing Automation, what they mean, and what
    is to be typed (empty: nothing); None where nothing need be asked."""
    strong = strongest(policies, tuple(LABELS))
    if not marketing or strong is Removal.KEEP:
        return None
    told = warning(Policies(), policies, marketing=True)
    return f"Initiate {visible(name)}?", told, visible(name) if strong is Removal.HUB else ""


def applying(sync: str, policies: Policies, found: Exempt, *, marketing: bool) -> tuple[str, list[str], bool]:
    """The question before policies are applied to those who are exempt, what it means, and whether it is for good.

    The numbers are those of the people whom the next run would remove, as far as the workspace knows their records.
    """
    names = [name for name in LABELS if found.by_policy.get(name)]
    for_good = marketing and strongest(policies, names) is Removal.HUB
    told = [" ".join(_MEANINGS[name, in_force(policies, name)] for name in names)]
    told += list(exempt_sentences(found))[1:]
    leaving = sum(number for _, number in found.leaving)
    if not leaving:
        told.append("As far as this workspace knows, none of them is opted out, converted or deleted now.")
    if marketing:
        values = dict.fromkeys(in_force(policies, name) for name in names)
        told += [there(value, leaving) if leaving else _MEANS_THERE[value] for value in values]
    told.append("Removals meet the guard of the next run, which fetches everything.")
    return f"Apply the policies of {sync} to the {counted(found.people, 'person', 'people')} exempt, too?", told, for_good
