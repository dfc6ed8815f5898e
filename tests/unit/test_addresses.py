"""Addresses: the library's verdict, told fast; misspelt domains and roles beside it."""

import random
from collections.abc import Iterator

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from tui_sync.model.addresses import ROLE_NAMES, AddressRules, key_of
from tui_sync.model.misspelt import MISSPELT, MISSPELT_NAMES, MISSPELT_NATIONAL, UNDER_COM
from tui_sync.model.outcomes import Reason
from tui_sync.model.records import Value

RULES = AddressRules()
BARE = AddressRules(role_names=(), misspelt={})

LABEL = "b" * 63
DOMAINS = (
    "gmail.com", "GMail.Com", "web.de", "company7.co.uk", "müller.de", "xn--mller-kva.de", "XN--MLLER-KVA.DE", "xn--a",
    "a--b.de", "ab--c.de", "例え.jp", "faß.de", "\uff47mail.com", "b\u3002com", "b", "b.c1", "b..com", ".b.com",
    "b.com.", "-b.com", "b-.com", "b_c.com", "1.2.3.4", "[1.2.3.4]", "[IPv6:::1]", "123.com", f"{LABEL}.com",
    f"b{LABEL}.com", ".".join([LABEL] * 3) + ".com", ".".join([LABEL] * 3) + "." + "b" * 49 + ".com",
    ".".join(["ü" * 27] * 4) + ".com", *(f"x.{name}" for name in SPECIAL_USE_DOMAIN_NAMES),
)  # fmt: skip
LOCALS = (
    "anna", "John.Smith", "o'neil", "x+y", "a..b", ".a", "a.", "a b", '"a b"', '"ab"', "é", "e\u0301", "jürgen", "info",
    "INFO", "Postmaster", "a" * 64, "a" * 65, "a" * 180, "a@b", "a,b", "", "Name <a", "a(c)", "K\u212a", "İ", "\ud800",
    "a\u202e", "{x}",
)  # fmt: skip
SPLICES = (
    "", ".", "..", "@", "-", "--", "ü", " ", "\t", "\n", "_", "A", "1", "%", "\x00", "\ud800", "ß", "\u202e", "\u0307",
    "\uff20", "<",
)  # fmt: skip


def library(text: str) -> str:
    """The person's key as the library alone gives it."""
    try:
        return validate_email(text.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return ""


def generated(count: int, seed: int) -> Iterator[str]:
    """Addresses of all kinds: whole, mutated in one place, and at the limits of length."""
    pick = random.Random(seed)
    for _ in range(count):
        domain = pick.choice(DOMAINS) if pick.random() < 0.7 else f"d{pick.randrange(999)}.{pick.choice(('com', 'de'))}"
        text = f"{pick.choice(LOCALS)}@{domain}"
        kind = pick.random()
        if kind < 0.4:
            place = pick.randrange(len(text) + 1)
            text = text[:place] + pick.choice(SPLICES) + text[place + pick.randrange(2) :]
        elif kind < 0.5:
            text = "a" * max(1, pick.randrange(250, 258) - len(domain) - 1) + "@" + domain
        elif kind < 0.6:
            text = text.upper()
        yield text


def assert_same_as_library(count: int, seed: int) -> None:
    keys = 0
    for text in generated(count, seed):
        verdict, key = BARE.check(text), library(text)
        assert (verdict.key, verdict.reason) == (key, None if key else Reason.INVALID_PATTERN), ascii(text)
        keys += key != ""
    assert count / 4 < keys < count * 3 / 4


def test_the_fast_path_gives_the_verdict_and_key_of_the_library() -> None:
    assert_same_as_library(20_000, seed=7)


@pytest.mark.slow
def test_the_fast_path_gives_the_verdict_and_key_of_the_library_at_length() -> None:
    assert_same_as_library(200_000, seed=8)


ADDRESS_LIKE = st.one_of(
    st.emails(),
    st.text(max_size=80),
    st.builds("{}@{}".format, st.text(max_size=70), st.sampled_from(DOMAINS) | st.text("ab.-A1ü", max_size=70)),
    st.from_regex(r"[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,66}@[a-zA-Z0-9.-]{1,70}", fullmatch=True),
)


@given(ADDRESS_LIKE)
def test_whatever_the_text_the_key_is_the_librarys(text: str) -> None:
    key = library(text)
    assert key_of(text) == key
    assert BARE.check(text).key == key


@given(ADDRESS_LIKE)
def test_the_key_of_a_key_is_itself(text: str) -> None:
    key = key_of(text)
    assert key_of(key) == key


@pytest.mark.parametrize("raw", [None, "", "  \t\n ", (), ("", None), "\u00a0"])
def test_a_blank_value_is_an_empty_email(raw: Value) -> None:
    assert (RULES.check(raw).reason, RULES.check(raw).key) == (Reason.EMPTY_EMAIL, "")


@pytest.mark.parametrize("raw", [0, 5, -1.5, float("inf"), True, False, ("a", "b"), 2**80])
def test_a_value_that_is_no_text_is_an_invalid_pattern(raw: Value) -> None:
    assert RULES.check(raw).reason is Reason.INVALID_PATTERN
    assert key_of(raw) == ""


def test_white_space_around_an_address_and_its_case_do_not_count() -> None:
    assert RULES.check(" \tJohn.Smith@Example.COM\n").key == "john.smith@example.com"
    assert RULES.check(("John@example.com",)).key == "john@example.com"


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("patriciazylker.com", "patriciazylker.com has no @ sign"),
        ("patricia@aol", "patricia@aol has no dot after the @ sign"),
        ("@b.com", "@b.com has nothing before the @ sign"),
        ("a@b_c.com", "a@b_c.com: the part after the @-sign contains invalid characters: '_'"),
        ("a\x1b[2Jb", "a\\x1b[2Jb has no @ sign"),
    ],
)
def test_the_sentence_says_what_is_wrong_and_steers_no_terminal(raw: str, sentence: str) -> None:
    assert RULES.check(raw).detail == sentence


def test_a_rejected_text_of_any_length_makes_a_short_sentence() -> None:
    assert len(RULES.check("x" * 50_000).detail) < 100


@pytest.mark.parametrize(
    ("raw", "suggestion"),
    [
        ("john@gnail.com", "john@gmail.com"), ("John@GNAIL.com", "john@gmail.com"), ("a@gmial.com", "a@gmail.com"),
        ("a@gmai.com", "a@gmail.com"), ("a@gmail.co", "a@gmail.com"), ("a@gmail.con", "a@gmail.com"),
        ("a@hotmial.com", "a@hotmail.com"), ("a@yaho.com", "a@yahoo.com"), ("a@outlok.com", "a@outlook.com"),
        ("a@iclod.com", "a@icloud.com"), ("é@gnail.com", "é@gmail.com"), ("a@\uff47nail.com", "a@gmail.com"),
        ("info@yahoo.cm", "info@yahoo.com"), ("a@yaho.co.in", "a@yahoo.co.in"),
    ],
)  # fmt: skip
def test_a_misspelt_domain_of_a_large_provider_is_invalid_with_a_suggestion(raw: str, suggestion: str) -> None:
    verdict = RULES.check(raw)
    assert (verdict.key, verdict.reason, verdict.suggestion) == ("", Reason.INVALID_PATTERN, suggestion)
    assert f"did you mean {suggestion}?" in verdict.detail


REAL = """
gmail.com googlemail.com ymail.com mail.com gmx.com gmx.net gmx.de gmx.at gmx.ch email.com hotmail.com hotmail.co.uk
hotmail.fr hotmail.de hotmail.es hotmail.it hotmail.co.jp hotmail.com.br hotmail.ca live.com live.co.uk live.in msn.com
outlook.com outlook.de outlook.fr outlook.in outlook.co.id outlook.com.au outlook.es outlook.jp yahoo.com yahoo.co.in
yahoo.in yahoo.co.uk yahoo.de yahoo.fr yahoo.com.br yahoo.co.jp yahoo.ca yahoo.com.au rocketmail.com icloud.com me.com
mac.com cloud.com aol.com aol.de aim.com proton.me protonmail.com pm.me zoho.com zoho.in zohomail.com rediffmail.com
rediff.com web.de t-online.de freenet.de libero.it orange.fr free.fr laposte.net wanadoo.fr comcast.net comcast.com
verizon.net att.net mail.ru yandex.ru yandex.com qq.com 163.com 126.com naver.com hey.com tutanota.com tuta.io
fastmail.com fastmail.fm gmx.co.uk inbox.com usa.com myself.com gail.com hmail.com bmail.com vmail.com email.de
mail.co.uk mail.de co.uk posteo.de mailbox.org sky.com btinternet.com ntlworld.com bigpond.com seznam.cz wp.pl
"""


@pytest.mark.parametrize("domain", REAL.split())
def test_a_real_domain_is_never_blocked(domain: str) -> None:
    assert RULES.check(f"john@{domain}").key == f"john@{domain}"


def test_no_domain_that_is_meant_is_itself_taken_for_misspelt() -> None:
    meant = {*MISSPELT_NAMES, *MISSPELT_NATIONAL, *(f"{name}.com" for name in UNDER_COM.split())}
    assert set(MISSPELT.values()) == meant
    assert not meant & set(MISSPELT)


def test_every_misspelt_domain_is_in_the_form_in_which_it_is_looked_up() -> None:
    assert [domain for domain in MISSPELT if key_of(f"a@{domain}") != f"a@{domain}"] == []


def test_an_allowed_domain_is_taken_as_it_is() -> None:
    assert AddressRules(allowed=[" GMail.CO "]).check("john@gmail.co").key == "john@gmail.co"
    assert AddressRules(allowed=["gmail.co"]).check("john@gmail.con").reason is Reason.INVALID_PATTERN


def test_the_settings_may_name_other_misspelt_domains() -> None:
    rules = AddressRules(misspelt={"Zylkr.com": "zylker.com"})
    assert rules.check("a@zylkr.com").suggestion == "a@zylker.com"


@pytest.mark.parametrize("name", ROLE_NAMES)
def test_a_role_address_is_a_group_email_and_keeps_its_key(name: str) -> None:
    verdict = RULES.check(f"{name.upper()}@acme.com")
    assert (verdict.key, verdict.reason) == (f"{name}@acme.com", Reason.GROUP_EMAIL)


@pytest.mark.parametrize("raw", ["info.desk@acme.com", "information@acme.com", "info+x@acme.com", "myinfo@acme.com"])
def test_only_a_whole_local_part_names_a_role(raw: str) -> None:
    assert RULES.check(raw).reason is None


def test_other_role_names_replace_the_defaults() -> None:
    rules = AddressRules(role_names=[" Büro ", "hr"])
    assert rules.check("BÜRO@acme.com").reason is Reason.GROUP_EMAIL
    assert rules.check("HR@acme.com").reason is Reason.GROUP_EMAIL
    assert rules.check("info@acme.com").reason is None


def test_a_role_name_means_the_same_however_its_accents_are_composed() -> None:
    rules = AddressRules(role_names=("bu\u0308ro",))
    assert rules.check("b\u00fcro@acme.com").reason is Reason.GROUP_EMAIL
    assert rules.same(AddressRules(role_names=("b\u00fcro",)))


def test_a_misspelt_domain_goes_before_the_role() -> None:
    assert RULES.check("info@gmial.com").reason is Reason.INVALID_PATTERN


def test_corrections_change_no_verdict_but_their_own() -> None:
    plain, rules = AddressRules(), AddressRules(corrections={"john@gnail.com": "john@gmail.com", "a@b.com": "info@c.com"})
    assert rules.check(" John@GNAIL.com").key == "john@gmail.com"
    assert rules.check("a@b.com").reason is Reason.GROUP_EMAIL
    for other in ("ann@gnail.com", "b@b.com", "A.B@b.COM", "x@zylker.com", "info@b.com", "nonsense", ""):
        assert rules.check(other) == plain.check(other)


@pytest.mark.parametrize("raw", ["john@gnail.com", " John@GNAIL.com ", "x@zylker.com", "nonsense", "", "a@\uff47nail.com"])
def test_a_suggestion_is_that_of_the_verdict(raw: str) -> None:
    assert RULES.suggestion(raw) == RULES.check(raw).suggestion
