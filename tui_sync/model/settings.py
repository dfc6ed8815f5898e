"""The organisation's settings one by one: what each is for, how its value is written as text, and the rule that it keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from tui_sync.model.addresses import ROLE_NAMES, domain_of, key_of
from tui_sync.model.definitions.checks import zone_of
from tui_sync.model.errors import UsageError
from tui_sync.model.misspelt import MISSPELT, UNDER_COM
from tui_sync.model.text import unfit_name, visible
from tui_sync.model.webhook import check_webhook
from tui_sync.model.workspace import Settings

MOST = 1_000_000
"""The greatest number of a setting; a bigger one is a slip of the finger."""
LONGEST = 60
"""Characters of a wrong value that its sentence repeats."""
REAL = frozenset({*MISSPELT.values(), *(f"{name}.com" for name in UNDER_COM.split())})
"""Domains of providers, which are nobody's misspelling."""
LIMIT = "limit_"


class Setting(NamedTuple):
    """One setting. `blank` says in words what an empty value means, `form` how a value is written.

    `anew`: by another value a record that did not change is decided otherwise, so the next fetches have to be full ones.
    `read` makes the value of a text (UsageError where it breaks the rule), `write` the text of a value.
    """

    key: str
    label: str
    says: str
    form: str
    blank: str
    read: Callable[[str], Any]
    write: Callable[[Any], str] = str
    unit: str = ""
    anew: bool = False


def parts_of(text: str) -> list[str]:
    """The parts of a list written with commas, trimmed; empty ones are left out."""
    return [part.strip() for part in text.split(",") if part.strip()]


def _refused(text: str, rule: str) -> UsageError:
    return UsageError(f'"{visible(text, LONGEST)}" {rule}.')


def _zone(text: str) -> str:
    name = text.strip()
    if name and zone_of(name) is None:
        raise UsageError(f'"{visible(name, LONGEST)}" is not a time zone.', "Use an IANA name such as Asia/Kolkata.")
    return name


def _number(text: str) -> int:
    digits = text.strip().lstrip("0")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > len(str(MOST)) or int(digits) > MOST:
        raise _refused(text, f"is not a whole number from 1 to {MOST}")
    return int(digits)


def _role_names(text: str) -> tuple[str, ...]:
    names = [name.lower() for name in parts_of(text)]
    for name in names:
        if "@" in name:
            raise _refused(name, "has an @ sign: a role name is only what stands before it")
        if len(name.split()) > 1:
            raise _refused(name, "has a blank in it: put a comma between two role names")
        if not name.isprintable():
            raise _refused(name, "has a character that cannot be seen")
        if unfit_name(name) or not key_of(f"{name}@example.com"):
            said = f'{visible(name, LONGEST)} never stands before the @ sign of an address.'
            raise UsageError(said, "Write names such as careers, without quotation marks; for none, an empty value.")
    return tuple(dict.fromkeys(names))


def _domain(text: str) -> str:
    found = domain_of(text.removeprefix("@"))
    if not found:
        raise _refused(text, "is not a domain such as example.com")
    return found


def _domains(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_domain, parts_of(text))))


def _misspelt(text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for part in parts_of(text):
        wrong, equals, right = part.partition("=")
        if not equals:
            raise _refused(part, "has no = sign: write the wrong domain, =, and the right one (gnail.com=gmail.com)")
        wrong, right = _domain(wrong.strip()), _domain(right.strip())
        if wrong == right:
            raise _refused(part, "has the same domain on both sides")
        if right in MISSPELT:
            raise _refused(right, f"is a known misspelling itself, of {MISSPELT[right]}")
        if wrong in REAL:
            raise _refused(wrong, "is the domain of a real provider, nobody's misspelling")
        if pairs.get(wrong, right) != right:
            raise _refused(wrong, "stands there twice, with different right domains")
        pairs[wrong] = right
    for right in pairs.values():
        if right in pairs:
            raise _refused(right, "is the right domain of one pair and the wrong one of another")
    return pairs


def _yes(text: str) -> bool:
    word = text.strip().lower()
    if word not in ("yes", "no", "true", "false", "on", "off"):
        raise _refused(text, "is neither yes nor no")
    return word in ("yes", "true", "on")


def webhook_words(url: str) -> str:
    """A webhook's address as it may be shown and logged: the path often is its secret, so it is left out."""
    if not url:
        return ""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" + ("/..." if parts.path.strip("/") or parts.query else "")


def _commas(values: Iterable[str]) -> str:
    return ", ".join(values)


def _pairs(pairs: dict[str, str]) -> str:
    return _commas(f"{wrong}={right}" for wrong, right in pairs.items())


COMMAS = "Separate several with commas."
SETTINGS: dict[str, Setting] = {
    setting.key: setting
    for setting in (
        Setting("timezone", "Time zone", "Days and months of the limits, and schedules without a zone of their own, are in it.",
                "An IANA name such as Asia/Kolkata.", "the system's", _zone),
        Setting("limit-month", "Initiations a month", "Syncs that may be initiated in one month.", "A number.", "", _number),
        Setting("limit-day", "Syncs a day", "Different syncs that may be initiated or run on one day.", "A number.", "", _number),
        Setting("limit-active", "Active at a time", "Syncs that may be active or queued at one time.", "A number.", "", _number),
        Setting("role-names", "Role names", "Whoever has one of these before the @ sign is ignored as a group e-mail.",
                f"What stands before the @ sign. {COMMAS}", "none", _role_names, _commas, anew=True),
        Setting("misspelt-domains", "Misspelt domains", "Taken for misspelt beside the known misspellings of large providers.",
                f"wrong=right, such as zilker.com=zylker.com. {COMMAS}", "none of your own", _misspelt, _pairs, anew=True),
        Setting("allowed-domains", "Allowed domains", "Never taken for misspelt.", f"Domains. {COMMAS}", "none",
                _domains, _commas, anew=True),
        Setting("retention-days", "Keep outcomes", "Days for which a run's outcomes are kept; its counts stay for good.",
                "A number of days.", "", _number, str, "days"),
        Setting("webhook", "Webhook", "Told when a sync begins to fail and when it is well again.",
                "An address such as https://hooks.example.com/abc.", "nowhere", str.strip),
        Setting("webhook-private", "Private webhook", "Whether the webhook may be an address of a private network.",
                "Yes or no.", "", _yes, lambda private: "yes" if private else "no"),
    )
}  # fmt: skip
"""Every setting by its key, in the order in which they are listed."""


def setting_of(key: str) -> Setting:
    """The setting of that key, also written with underscores or capitals. Raises UsageError naming those there are."""
    found = SETTINGS.get(key.strip().lower().replace("_", "-"))
    if found is None:
        raise UsageError(f'There is no setting "{visible(key, LONGEST)}".', f"There are: {_commas(SETTINGS)}.")
    return found


def _attribute(key: str) -> str:
    return key.replace("-", "_")


def value_of(settings: Settings, key: str) -> Any:  # noqa: ANN401 - each setting has its own type
    """The value in force of the setting `key`; `with_value` takes it back."""
    name = _attribute(key)
    if name.startswith(LIMIT):
        return getattr(settings.limits, name.removeprefix(LIMIT))
    value = getattr(settings, name)
    built_in = {"role_names": ROLE_NAMES, "misspelt_domains": {}}
    return built_in.get(name) if value is None else value


def with_value(settings: Settings, key: str, value: Any) -> Settings:  # noqa: ANN401 - each setting has its own type
    """The settings with another value of `key`, which its `read` made or `value_of` gave."""
    name = _attribute(key)
    if name.startswith(LIMIT):
        limits = msgspec.structs.replace(settings.limits, **{name.removeprefix(LIMIT): value})
        return msgspec.structs.replace(settings, limits=limits)
    if value == value_of(Settings(), key):
        value = getattr(Settings(), name)
    return msgspec.structs.replace(settings, **{name: value})


def changed(settings: Settings, key: str, text: str) -> Settings:
    """The settings with `key` as the text says; an empty text is a value of its own where `blank` has words for it.

    Raises UsageError with the rule that the text breaks, or where there is no such setting.
    """
    setting = setting_of(key)
    if not text.strip() and not setting.blank:
        raise UsageError(f"{setting.label} needs a value.", setting.form)
    after = with_value(settings, setting.key, setting.read(text))
    wrong = check_webhook(after.webhook, after.webhook_private)
    if wrong and setting.key == "webhook":
        raise UsageError(wrong)
    if wrong and setting.key == "webhook-private":
        raise UsageError(f"The webhook {webhook_words(after.webhook)} needs it.", "Set another webhook first.")
    return after


def text_of(settings: Settings, key: str) -> str:
    """The value of `key` as text that `changed` takes."""
    return SETTINGS[key].write(value_of(settings, key))


def words_of(settings: Settings, key: str) -> str:
    """The value of `key` for people and for the log: an empty one in words, without anything secret. Not made visible."""
    text, setting = text_of(settings, key), SETTINGS[key]
    told = webhook_words(text) if key == "webhook" else text
    return f"{told} {setting.unit}".rstrip() or setting.blank


def is_default(settings: Settings, key: str) -> bool:
    """Whether the value of `key` is the one that it has in a new workspace."""
    return bool(value_of(settings, key) == value_of(Settings(), key))
