"""Domains that are known misspellings of large mail providers.

An explicit table and no distance between words: mail.com, ymail.com, gmx.com and email.com are one letter away from
others and real. Two sources are sound: names written down one by one, none of which is a mail provider; and endings put
behind a provider's name. `NO_ENDINGS` are not top-level domains, so nobody can have an address there; `ODD_ENDINGS` are
those of countries in which the providers of `UNDER_COM_ONLY` hand out no addresses.
"""

from __future__ import annotations

MISSPELT_NAMES = {
    "gmail.com": (
        "gmial gmai gamil gmal gmil gmaill gmali gmaol gmaul gmqil gmsil gmaik gmaio gnail gmnail gnmail gmeil gmaiil "
        "gmmail ggmail gmaail gmakl gmajl gmwil gmauil gmaiul gmailk gmaillcom gmaild gmia gmiail gjmail"
    ),
    "googlemail.com": "googlemial googlemai googelmail googlmail googlemal googlemil gogglemail goglemail googlemaill",
    "hotmail.com": (
        "hotmial hotmai hotmal hotmil hotmaill hotamil hotmali homail hotmaol hotmaul hotnail hotmqil hotmsil htomail "
        "ohtmail hotmeil hottmail hotmmail hhotmail hotmaail hotmaiil hotmaio hotmaik hormail hotrmail hoitmail "
        "hotmaiul hotail hotmakl hoymail hotmia"
    ),
    "outlook.com": (
        "outlok outloo outlool outloock outllok outlookk outtlook oultook ooutlook outloook ouotlook otlook outook "
        "outlokk oulook putlook outlpok outliok outkook utlook outlouk outlooj outlooi outolok outlooc oytlook"
    ),
    "yahoo.com": "yaho yhaoo yahooo yahho yaoo yhoo yaaho yaahoo yahhoo yyahoo yajoo yahpo yahio yaoho ayhoo yahoi",
    "icloud.com": (
        "iclod icoud iclould iclud iclooud icluod icloude icould iclous icloudd iicloud icliud iclpud iclouf icolud "
        "iclound iccloud icluud ucloud"
    ),
    "protonmail.com": "protonmial protonmai protonmal protonnail portonmail protonmaill protonmali protnmail",
    "rediffmail.com": "redifmail rediffmial rediffmai reddiffmail rediffmal rediffmaill redffmail rediffmali",
}
"""Names that are written wrong, without the ending `com`, by the domain that is meant."""

MISSPELT_NATIONAL = {
    "yahoo.co.in": "yaho.co.in yahooo.co.in yhoo.co.in yhaoo.co.in yahoo.co.inn yahoo.coin yahoo.cin",
    "yahoo.co.uk": "yaho.co.uk yahooo.co.uk yhaoo.co.uk yahoo.co.ukk yahoo.couk yahoo.co.ku",
    "hotmail.co.uk": "hotmial.co.uk hotmal.co.uk hotmai.co.uk hotamil.co.uk hotmil.co.uk hotmail.couk hotmail.co.ku",
    "gmx.de": "gmx.dee gmx.ed",
    "web.de": "web.dee web.ed",
}
"""Whole domains below a country, by the domain that is meant."""

NO_ENDINGS = "con cmo ocm comm vom xom cim cpm clm coom ccom comn conm coim ckm cok comd coml copm"
"""Written for `com`; no top-level domain has such a name."""

UNDER_COM = (
    "gmail googlemail hotmail outlook yahoo icloud live msn aol ymail rocketmail mail email gmx zoho me mac protonmail "
    "rediffmail fastmail"
)
"""Providers under `com`: any of `NO_ENDINGS` behind their names is a misspelling."""

ODD_ENDINGS = "co cm om"
"""Written for `com`; Colombia, Cameroon and Oman."""

UNDER_COM_ONLY = "gmail hotmail outlook yahoo icloud"
"""Providers without mailboxes directly under any of `ODD_ENDINGS`."""


def _table() -> dict[str, str]:
    pairs = {f"{name}.com": right for right, names in MISSPELT_NAMES.items() for name in names.split()}
    pairs |= {wrong: right for right, domains in MISSPELT_NATIONAL.items() for wrong in domains.split()}
    for names, endings in ((UNDER_COM, NO_ENDINGS), (UNDER_COM_ONLY, ODD_ENDINGS)):
        pairs |= {f"{name}.{ending}": f"{name}.com" for name in names.split() for ending in endings.split()}
    return pairs


MISSPELT: dict[str, str] = _table()
"""The domain that is meant, by the misspelt one."""
