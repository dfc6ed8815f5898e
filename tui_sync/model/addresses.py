"""What is an address, whose is it, and is it a person's: the only importer of email_validator.

email-validator decides (syntax only, its defaults, no DNS). A plain ASCII address is answered without it, through a
cache of domains that it judged, with the same verdict and the same normal form; everything else, and every error
sentence, comes from the library itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING
from unicodedata import normalize

import msgspec

from tui_sync.model.mapping import as_text
from tui_sync.model.misspelt import MISSPELT
from tui_sync.model.outcomes import Reason
from tui_sync.model.records import Value
from tui_sync.model.text import visible

if TYPE_CHECKING:
    from email_validator import ValidatedEmail

ROLE_NAMES = (
    "info", "administrator", "admin", "careers", "service", "support", "postmaster", "webmaster", "noreply",
)  # fmt: skip
"""Local parts that name a role and not a person; the settings may hold another list."""

DOMAIN_CACHE = 65_536
"""How many domains a set of rules remembers; at 253 characters each they stay under 30 MB."""

LONGEST = 254
"""The longest address, in bytes (RFC 5321, erratum 1690): the library's own limit."""

LONGEST_LOCAL = 64
"""The longest local part (RFC 5321 4.5.3.1.1); whether a longer one passes is the library's business."""

ECHO = 60
"""How many characters of a rejected value its sentence repeats."""

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*", re.ASCII).fullmatch

_PHRASES = {
    "An email address must have an @-sign.": "has no @ sign",
    "There must be something before the @-sign.": "has nothing before the @ sign",
    "There must be something after the @-sign.": "has nothing after the @ sign",
    "The part after the @-sign is not valid. It should have a period.": "has no dot after the @ sign",
    "An email address cannot have two periods in a row.": "has two dots in a row",
}
"""The library's commonest sentences, said of the value; the others follow it after a colon."""


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What an address is worth: `key` names the person ("" where there is none), `reason` says why to ignore them.

    A role address has both. `detail` is the sentence for the outcome; `suggestion` the address meant by a misspelling.
    """

    key: str
    reason: Reason | None = None
    detail: str = ""
    suggestion: str = ""


EMPTY = Verdict("", Reason.EMPTY_EMAIL, "the record has no e-mail address")


def _judged(text: str) -> ValidatedEmail:
    """The library's verdict on a trimmed value; raises its EmailNotValidError, a ValueError, with its sentence.

    The library is imported with the first address: screens and commands that judge none start 15 ms sooner.
    """
    from email_validator import validate_email

    return validate_email(text, check_deliverability=False)


def _normal(text: str) -> str:
    """The library's normal form of a trimmed value; raises ValueError with its sentence."""
    return _judged(text).normalized


def key_of(value: Value) -> str:
    """The key of the person that a value names, ignored by the rules or not; "" where it names nobody."""
    try:
        return _normal(as_text(value)).lower()
    except ValueError:
        return ""


def still_names(value: Value, key: str) -> bool:
    """Whether a value is what it was when the rules of then took it for the person `key`, whatever they say of it now."""
    return bool(key) and key in (key_of(value), as_text(value).lower())


def domain_of(text: str) -> str:
    """The normal form of a domain, in lower case, as it stands in the keys of people; "" where it is none."""
    try:
        return _judged(f"a@{text.strip()}").domain.lower()
    except ValueError:
        return ""


def _plain_domain(domain: str) -> str:
    """The library's normal form of an ASCII domain that only changes case in it; "" for any other, valid or not.

    The library judges the two sides of the @ sign apart, so the verdict holds for every plain local part.
    """
    try:
        normal = _judged(f"a@{domain}").domain
    except ValueError:
        return ""
    return normal if domain.isascii() and normal == domain.lower() else ""


class AddressRules:
    """The rules of an organisation: built once, asked for every record.

    `misspelt` gives for a wrong domain the one that is meant; `allowed` domains are taken as they are. `corrections` gives
    for a wrong address, in its normal form, the right one. Domains of corrected addresses go the long way, so that the short
    one costs the same with corrections and without (0.8 us an address, over 100 000 of 500 domains).
    """

    def __init__(
        self,
        role_names: Iterable[str] = ROLE_NAMES,
        misspelt: Mapping[str, str] = MISSPELT,
        allowed: Iterable[str] = (),
        corrections: Mapping[str, str] | None = None,
    ) -> None:
        self._roles = frozenset(normalize("NFC", name.strip().lower()) for name in role_names)  # as the library has keys
        spared = {domain.strip().lower() for domain in allowed}
        self._meant = {
            wrong.strip().lower(): right.strip().lower()
            for wrong, right in misspelt.items()
            if wrong.strip().lower() not in spared
        }
        self._corrections = dict(corrections or {})
        self._slow = {*self._meant, *(wrong.rpartition("@")[2] for wrong in self._corrections)}
        self._domain = lru_cache(DOMAIN_CACHE)(self._sound_domain)

    def same(self, other: AddressRules) -> bool:
        """Whether both judge every address alike."""
        return (self._roles, self._meant, self._corrections) == (other._roles, other._meant, other._corrections)

    def _sound_domain(self, domain: str) -> str:
        """The normal form of a plain domain, "" for all that take the long way: misspelt ones, those of corrections."""
        normal = _plain_domain(domain)
        return "" if normal in self._slow else normal

    def check(self, raw: Value) -> Verdict:
        """The verdict on the mapped value of a record, of whatever type it is. Never raises."""
        text = raw.strip() if isinstance(raw, str) else as_text(raw)
        local, _, domain = text.partition("@")
        if len(text) <= LONGEST and len(local) <= LONGEST_LOCAL and _PLAIN_LOCAL(local):
            normal = self._domain(domain)
            local = local.lower()
            if normal and local not in self._roles:
                return Verdict(f"{local}@{normal}")
        return self._judge(text) if text else EMPTY

    def _judge(self, text: str) -> Verdict:
        """The long way: by the library, for everything that is not plainly a person's address."""
        try:
            key = _normal(text).lower()
        except ValueError as error:
            return Verdict("", Reason.INVALID_PATTERN, _what_is_wrong(text, str(error)))
        right = self._corrections.get(key)
        if right is not None:
            return self._corrected(key, right)
        local, _, domain = key.rpartition("@")
        meant = self._meant.get(domain)
        if meant is not None:
            suggestion = f"{local}@{meant}"
            detail = f"{domain} is a known misspelling of {meant}, did you mean {visible(suggestion)}?"
            return Verdict("", Reason.INVALID_PATTERN, detail, suggestion)
        if local in self._roles:
            return Verdict(key, Reason.GROUP_EMAIL, _role(key))
        return Verdict(key)

    def _corrected(self, wrong: str, right: str) -> Verdict:
        """The verdict on the right address, which says what it was corrected from."""
        note = f"corrected from {visible(wrong, ECHO)}"
        if right.partition("@")[0] in self._roles:
            return Verdict(right, Reason.GROUP_EMAIL, f"{_role(right)}; {note}")
        return Verdict(right, None, note)

    def suggestion(self, raw: str) -> str:
        """The address that a misspelt one probably means; "" for every other. Quick for those of sound domains."""
        domain = raw.strip().rpartition("@")[2].lower()
        return "" if domain.isascii() and domain not in self._meant else self.check(raw).suggestion


def _role(key: str) -> str:
    return f"{visible(key, ECHO)} is a role address, not a person's"


def _what_is_wrong(text: str, sentence: str) -> str:
    """The library's sentence, short, with the value it is about."""
    phrase = _PHRASES.get(sentence)
    if phrase is not None:
        return f"{visible(text, ECHO)} {phrase}"
    sentence = visible(sentence).removesuffix(".")
    return f"{visible(text, ECHO)}: {sentence[:1].lower()}{sentence[1:]}"
