"""The people on whom every rule can be seen: bad addresses, twins, opt-outs, conversions, blocked leads, hostile text.

Each entry overrides fields of a generated record. Entries of a group belong to what one sample sync selects, so that
running the samples shows every status and every reason. `$converted` and `$unapproved` set the record's state.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

Values: TypeAlias = Mapping[str, object]

IT_GRADUATES: Values = {"Department": "Information Technology", "Experience_in_Years": 5, "Year_of_Passing": 2015}
CONTACTED: Values = {"Candidate_Status": "Contacted", "Rating": "5"}
WINTER: Values = {"Source": "Winter job fair", "Country": "Austria", "City": "Innsbruck"}
TECHNOLOGY: Values = {"Department": "Technology", "Source": "Conference"}
PARTNERS: Values = {"Source": "Partner", "Department": "Legal"}
"""What puts a record into the selection of a sample sync (see samples.toml)."""


def _person(group: Values, first: str, last: str, email: str | None, **more: object) -> Values:
    return {"First_Name": first, "Last_Name": last, "Email": email, **group, **more}


def _state(*names: str) -> dict[str, object]:
    return {f"${name}": True for name in names}


_BAD_ADDRESSES = (
    ("Noemi", "Quist", None),
    ("Piet", "Leeg", "   "),
    ("Patricia", "Zylker", "patriciazylker.com"),
    ("Patricia", "Aol", "patricia@aol"),
    ("John", "Gnail", "john.petersen@gnail.com"),
    ("Maria", "Dotts", "maria..dotts@zylker.com"),
    ("Peter", "Blank", "peter blank@zylker.com"),
    ("Career", "Desk", "careers@zylker.com"),
    ("Info", "Box", "Info@mail.example.com"),
)
_HOSTILE = (
    ("Mark", "Upp[/red]", "mark.upp@zylker.com"),
    ("[@click=app.quit]Click[/]", "Me", "click.me@mail.example.com"),
    ("\x1b[31mEscher\x1b[0m", "\x1b]0;pwned\x07Sequence", "escher.sequence@zylker.com"),
    ("Abdul\u202etxet", "\u2066Bidi\u2069", "bidi@post.example.org"),
    ("Zero\u200b\u200dWidth", "\ufeffJoiner", "zero.width@zylker.com"),
    ('=HYPERLINK("http://zylker.com","Click")', "@SUM(A1:A9)", "formula@zylker.com"),
    ("Wolfeschlegelstein" * 2, "hausenbergerdorff " * 4, "very.long.name@inbox.example.com"),
    ("Line\nBreak", "Tab\tStop", "line.break@zylker.com"),
    ("Jürgen", "Umlaut", "jürgen@müller.example.org"),
)
_CANDIDATES: tuple[Values, ...] = (
    *(_person(IT_GRADUATES, *row) for row in _BAD_ADDRESSES),
    *(_person(IT_GRADUATES, *row) for row in _HOSTILE),
    _person(IT_GRADUATES, "Twyla", "Case", "Twyla.Case@Zylker.com", Year_of_Passing=2016),
    _person(IT_GRADUATES, "Twyla", "Case", "twyla.case@zylker.com", City="Springfield"),
    _person(IT_GRADUATES, "Thrice", "Listed", "thrice.listed@mail.example.com"),
    _person(IT_GRADUATES, "Thrice", "Listed", " THRICE.LISTED@mail.example.com "),
    _person(IT_GRADUATES, "Tri", "Listed", "thrice.listed@MAIL.example.com"),
    _person(IT_GRADUATES, "Otto", "Outley", "otto.outley@zylker.com", Email_Opt_Out=True),
    _person(IT_GRADUATES, "Olga", "Outley", "olga.outley@zylker.com", Email_Opt_Out=True),
    _person(IT_GRADUATES, "Half", "Outley", "half.outley@zylker.com", Email_Opt_Out=True),
    _person(IT_GRADUATES, "Half", "Outley", "HALF.OUTLEY@zylker.com"),
    _person(IT_GRADUATES, "Dana", "Donotmail", "dana.donotmail@zylker.com"),
    _person(IT_GRADUATES, "Boris", "Bounce", "boris.bounce@zylker.com"),
    _person(IT_GRADUATES, "Una", "Unsubscribed", "una.unsubscribed@zylker.com"),
    _person(IT_GRADUATES, "Ray", "Refused", "ray.refused@blocked.example"),
    _person(IT_GRADUATES, "Space", "Around", "  space.around@zylker.com\t"),
    _person(IT_GRADUATES, "Con", "Kept", "con.kept@zylker.com", **_state("converted")),
    _person(IT_GRADUATES, "Ulla", "Unapproved", "ulla.unapproved@zylker.com", **_state("unapproved")),
    _person(CONTACTED, "Cora", "Converted", "cora.converted@zylker.com", **_state("converted")),
    _person(CONTACTED, "Carl", "Converted", "carl.converted@zylker.com", **_state("converted")),
    _person(CONTACTED, "Paired", "Twin", "paired.twin@zylker.com", **_state("converted")),
    _person(CONTACTED, "Paired", "Twin", "paired.twin@zylker.com"),
    _person(CONTACTED, "Oskar", "Outley", "oskar.outley@zylker.com", Email_Opt_Out=True),
    _person(CONTACTED, "Ursel", "Unsubscribed", "ursel.unsubscribed@zylker.com"),
    _person(CONTACTED, "Dirk", "Donotmail", "dirk.donotmail@zylker.com"),
    _person(CONTACTED, "Dup", "Known", "dup.known@zylker.com"),
    _person(CONTACTED, "Doppia", "Known", "doppia.known@zylker.com"),
    _person(CONTACTED, "Support", "Desk", "support@post.example.org"),
    _person(WINTER, "Conny", "Gone", "conny.gone@zylker.com", **_state("converted")),
    _person(WINTER, "Wilma", "Winter", "wilma.winter@zylker.com"),
    _person(WINTER, "Oda", "Outley", "oda.outley@zylker.com", Email_Opt_Out=True),
    _person(WINTER, "Bea", "Bounce", "bea.bounce@zylker.com"),
)
_CONTACTS: tuple[Values, ...] = (
    _person(TECHNOLOGY, "Elsa", "Empty", None),
    _person(TECHNOLOGY, "Serge", "Service", "service@zylker.com"),
    _person(TECHNOLOGY, "Orla", "Optout", "orla.optout@zylker.com", Email_Opt_Out=True),
    _person(TECHNOLOGY, "Omar", "Optout", "omar.optout@zylker.com", Email_Opt_Out=True),
    _person(TECHNOLOGY, "Rhea", "Refused", "rhea.refused@blocked.example"),
    _person(TECHNOLOGY, "Doubled", "Contact", "doubled.contact@zylker.com"),
    _person(TECHNOLOGY, "Doubled", "Contact", "Doubled.Contact@zylker.com"),
    _person(TECHNOLOGY, "Cora", "Converted", "cora.converted@zylker.com"),
    _person(PARTNERS, "Bad", "Pattern", "bad.pattern@zylkercom"),
    _person(PARTNERS, "Dup", "Known", "DUP.known@zylker.com"),
    _person(PARTNERS, "Una", "Unsubscribed", "una.unsubscribed@zylker.com"),
)
_ALUMNI: tuple[Values, ...] = (
    _person({}, "Empty", "Alumna", ""),
    _person({}, "No", "Address", None),
    _person({}, "Web", "Master", "webmaster@zylker.com"),
    _person({}, "Miss", "Spelt", "miss.spelt@hotmial.com"),
    _person({}, "At", "Twice", "at@twice@zylker.com"),
    _person({}, "Double", "Alumnus", "double.alumnus@zylker.com"),
    _person({}, "Double", "Alumnus", "DOUBLE.alumnus@zylker.com"),
    _person({}, "Ute", "Unsubscribed", "ute.unsubscribed@zylker.com"),
    _person({}, "Bodo", "Bounce", "bodo.bounce@zylker.com"),
    _person({}, "Dora", "Donotmail", "dora.donotmail@zylker.com"),
    _person({}, "Rick", "Refused", "rick.refused@blocked.example"),
    _person({}, "Opal", "Outley", "opal.outley@zylker.com", Email_Opt_Out=True),
    _person({}, "Mark", "Upp[/red]", "mark.upp@zylker.com"),
)
PLANTED: dict[str, tuple[Values, ...]] = {
    "Candidates": _CANDIDATES,
    "Contacts": _CONTACTS,
    "CustomModule1": _ALUMNI,
}
"""The overrides by module; generation spreads them evenly over the module's records."""


class PlantedLead(NamedTuple):
    """One lead that the hub knows from before: its list, its status there, and whether the hub may write to it."""

    email: str
    list: str
    status: str = "active"
    blocked: bool = False


PLANTED_LEADS = (
    PlantedLead("dana.donotmail@zylker.com", "Zylker", blocked=True),
    PlantedLead("dirk.donotmail@zylker.com", "Newsletter", blocked=True),
    PlantedLead("dora.donotmail@zylker.com", "Alumni", blocked=True),
    PlantedLead("boris.bounce@zylker.com", "Zylker", "bounce"),
    PlantedLead("bea.bounce@zylker.com", "Winter campaign", "bounce"),
    PlantedLead("bodo.bounce@zylker.com", "Alumni", "bounce"),
    PlantedLead("una.unsubscribed@zylker.com", "Zylker", "unsub"),
    PlantedLead("ursel.unsubscribed@zylker.com", "Newsletter", "unsub"),
    PlantedLead("ute.unsubscribed@zylker.com", "Alumni", "unsub"),
    PlantedLead("dup.known@zylker.com", "Newsletter"),
    PlantedLead("doppia.known@zylker.com", "Partners"),
    PlantedLead("wilma.winter@zylker.com", "Winter campaign"),
)
