"""Matching: one form for names and places; the fast way agrees with a slow, obvious twin; blocking loses little."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharedtable.people.matching import blocking, contacts, names, places
from sharedtable.people.matching.comparing import compare_humans
from sharedtable.people.matching.linking import _prepared, evidence_of, is_worth_a_look, link, link_within, two_kinds
from sharedtable.people.matching.prepared import Humans, Rarity
from sharedtable.people.matching.records import Answer, Firm, Human
from sharedtable.people.matching.weights import HUMAN, SAME_BITS, prior


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Widgets, Inc.", "ACME WIDGETS LLC"),
        ("Acme Mfg Co", "Acme Manufacturing"),
        ("I.B.M. Corp.", "IBM"),
        ("The Palm", "Palm (Los Angeles)"),
        ("González Hnos., S.A.", "Gonzalez Hermanos"),
        ("Smith & Sons", "Smith and Sons"),
        ("T.J. Maxx", "TJ Maxx"),
    ],
)
def test_names_of_one_company_come_into_one_form(one, other):
    assert set(names.variants(one)[0]) - names.LEGAL == set(names.variants(other)[0]) - names.LEGAL


def test_a_trade_name_is_a_second_name():
    assert names.variants("Acme LLC dba Roadrunner Foods") == (("acme",), ("roadrunner", "foods"))


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("435 S. La Cienega Blvd., Suite 2", ("435", "la cienega")),
        ("435 South La Cienega Boulevard", ("435", "la cienega")),
        ("205 E. 75th St. between 2nd and 3rd", ("205", "75th")),
        ("100 Fifth Avenue", ("100", "5th")),
        ("Rear of 12 Main St", ("12", "main")),
        ("", ("", "")),
    ],
)
def test_addresses_come_into_one_form(line, parts):
    assert places.street_of(line) == parts


def test_phones_mails_and_domains_come_into_one_form():
    assert {contacts.phone_of(text) for text in ("(614) 555-0123", "+1 614.555.0123", "614/555-0123 x4")} == {
        "6145550123"
    }
    assert contacts.phone_of("12345") == "" and contacts.phone_of("0000000000") == ""
    assert contacts.domain_of("https://www.jobs.acme.co.uk/x?y") == contacts.domain_of("ann@acme.co.uk") == "acme.co.uk"
    assert contacts.domain_of("ann@gmail.com") == ""


def test_three_answers_with_their_reasons():
    record = [
        Firm(1, "Riverbend Dental Group", "44 W Broad St", "Columbus", phones=("6145550160",)),
        Firm(2, "Riverbend Dental Group", "900 Elm Ave", "Lima", phones=("4195550100",)),
        Firm(3, "Copperfield Logistics", "1 A St", "Columbus"),
    ]
    found = link(
        [Firm(9, "RiverBend Dental Grp., LLC", "44 West Broad Street", "Columbus", phones=("614-555-0160",))], record
    )
    assert [(one.right, one.answer) for one in found] == [(1, Answer.SAME), (2, Answer.PERHAPS)]
    assert {reason.code for reason in found[0].reasons} >= {"name_equal", "phone_same", "street_same"}


def test_a_shared_phone_and_address_never_make_two_names_one():
    found = link(
        [Firm(1, "Alder Law", "5 Oak St", phones=("6145550100",))],
        [Firm(2, "Zimmer Tax", "5 Oak St", phones=("6145550100",))],
    )
    assert all(one.answer is not Answer.SAME for one in found)


def test_a_shared_word_and_two_trades_are_two_companies():
    assert link([Firm(1, "Lakeside Plastics")], [Firm(2, "Lakeside Community College")]) == []


def test_a_name_alone_never_makes_two_people_one():
    found = link([Human(1, "Maria", "Garcia")], [Human(2, "Maria", "Garcia")])
    assert [one.answer for one in found] == [Answer.PERHAPS]


def test_nicknames_and_swapped_names_are_known():
    found = link(
        [Human(1, "Bob", "Okafor", phones=("6145550100",))], [Human(2, "Robert", "Okafor", phones=("6145550100",))]
    )
    assert found[0].answer is Answer.SAME and "given_nickname" in {reason.code for reason in found[0].reasons}
    found = link([Human(1, "Okafor", "Ngozi", ("n@o.example",))], [Human(2, "Ngozi", "Okafor", ("n@o.example",))])
    assert found[0].answer is Answer.SAME


def test_a_typing_error_in_a_short_name_is_no_other_name():
    """Jaro–Winkler calls these too far apart; they are one key away from each other."""
    mail = ("office@ridgelinetool.com",)
    for one, other in (("Bartz", "Babtz"), ("Nguyen", "Nugyne")):
        found = link([Human(1, "Ida", one, mail, ("6145550100",))], [Human(2, "Ida", other, mail, ("6145550100",))])
        codes = {reason.code for reason in found[0].reasons}
        assert codes & {"family_alike", "family_near"} and "family_differs" not in codes


def test_the_only_name_may_stand_in_the_wrong_field():
    found = link(
        [Human(1, "Mary", "Pacurt", street="65 Jokun St", zip_code="43093", born="19890216")],
        [Human(2, "", "Mary", street="65 Jokun St", zip_code="43093", born="19890216")],
    )
    assert found[0].answer is Answer.SAME and "name_elsewhere" in {reason.code for reason in found[0].reasons}


def test_birth_date_and_register_number_tell_who_has_a_new_family_name_but_not_who_has_two_other_names():
    def answer(given: str, family: str) -> Answer:
        one = Human(1, "Chelsea", "Asher", born="19710526", number="1038123", street="33 Elm St", zip_code="43093")
        other = Human(2, given, family, born="19710526", number="1038123", street="33 Elm St", zip_code="43093")
        return link([one], [other])[0].answer

    assert answer("Chelea", "Fitzpatrick") is Answer.SAME
    assert answer("", "") is Answer.SAME
    assert answer("Jayden", "Webb") is Answer.PERHAPS


def test_colleagues_of_one_family_are_two_and_namesakes_with_two_addresses_are_asked_about():
    """Employer, its town and its mail domain are one piece of evidence; two addresses in one office speak for two."""

    def found(given: str, mail: str) -> list[Answer]:
        one = Human(1, "Maria", "Garcia", ("mgarcia@mercyhospital.com",), firm="Mercy Hospital", city="Lima")
        other = Human(2, given, "Garcia", (mail,), firm="Mercy Hospital", city="Lima")
        return [match.answer for match in link([one], [other])]

    assert found("Ana", "agarcia@mercyhospital.com") == []
    assert found("Maria", "maria.garcia2@mercyhospital.com") == [Answer.PERHAPS]
    assert found("Maria", "mgarcia@mercyhospital.com") == [Answer.SAME]


def test_a_word_typed_wrong_beside_an_added_word_is_still_the_word():
    record = [Firm(2, "Lihar Dairy International", "5 Oak St", "Lima", zip_code="45801")]
    found = link([Firm(1, "Lihar DDairy Inc", "5 Oak St", "Lima", zip_code="45801")], record)
    assert [one.answer for one in found] == [Answer.SAME]
    assert "name_part" in {reason.code for reason in found[0].reasons}


# --- the slow, obvious twin -------------------------------------------------------------------------------------------


def twin_bits(one: Human, other: Human) -> float:
    """The evidence of two people, written down straight: one field after the other."""
    from rapidfuzz import fuzz
    from rapidfuzz.distance import OSA, JaroWinkler

    def near(a: str, b: str) -> float:
        return JaroWinkler.similarity(a, b) if a and b else 0.0

    def spelled(a: str, b: str, field: str) -> float:
        """The bits of two names that are not the same."""
        is_typo = min(len(a), len(b)) > 3 and OSA.distance(a, b) == 1
        if near(a, b) >= 0.88 or near(a, b) >= 0.75 and is_typo:
            return HUMAN[f"{field}_alike"]
        return HUMAN[f"{field}_near"] if near(a, b) >= 0.75 else HUMAN[f"{field}_differs"]

    total = 0.0
    g1, f1, g2, f2 = (names.plain_word(text) for text in (one.given, one.family, other.given, other.family))
    straight, across = (near(g1, g2), near(f1, f2)), (near(g1, f2), near(f1, g2))
    crosses = bool(g1 and f1 and g2 and f2) and min(straight) < 0.88 and min(across) > min(straight)
    has_single = sorted((bool(g1) + bool(f1), bool(g2) + bool(f2))) == [1, 2]
    if crosses and min(across) >= 0.88:
        total += HUMAN["names_swapped"]
    elif crosses and min(across) >= 0.75 and max(across) >= 0.88:
        total += HUMAN["names_swapped_near"]
    elif has_single and max(across) >= 0.88 and max(straight) < 0.88:
        total += HUMAN["name_elsewhere"]
    else:
        if g1 and g2:
            if g1 == g2:
                total += HUMAN["given_equal"]
            elif names.are_nicknames(g1, g2):
                total += HUMAN["given_nickname"]
            elif g1[0] == g2[0] and 1 in (len(g1), len(g2)):
                total += HUMAN["given_initial"]
            else:
                total += spelled(g1, g2, "given")
        if f1 and f2:
            total += HUMAN["family_equal"] if f1 == f2 else spelled(f1, f2, "family")
    m1, m2 = ({contacts.mail_of(mail) for mail in who.emails} - {""} for who in (one, other))
    d1, d2 = ({contacts.domain_of(mail) for mail in who.emails} - {""} for who in (one, other))
    if m1 & m2:
        total += HUMAN["mail_office"] if all(contacts.is_office_box(mail) for mail in m1 & m2) else HUMAN["mail_same"]
    elif d1 & d2:
        total += HUMAN["mail_domain"]
    elif m1 and m2:
        total += HUMAN["mail_differs"]
    p1, p2 = ([contacts.phone_of(p) for p in who.phones if contacts.phone_of(p)] for who in (one, other))
    if set(p1) & set(p2):
        total += HUMAN["phone_same"]
    elif p1 and p2 and p1[0][:6] != p2[0][:6]:
        total += HUMAN["phone_differs"]
    for field in ("born", "number"):
        n1, n2 = (names.plain_word(getattr(who, field)) for who in (one, other))
        if n1 and n2:
            total += HUMAN[f"{field}_{['same', 'near', 'rough', 'differs'][min(OSA.distance(n1, n2), 3)]}"]
    z1, z2 = places.zip_of(one.zip_code), places.zip_of(other.zip_code)
    if z1 and z2:
        total += HUMAN["zip_same"] if z1 == z2 else HUMAN["zip_differs"]
    c1, c2 = places.city_of(one.city), places.city_of(other.city)
    if c1 and c2:
        total += HUMAN["city_same"] if c1 == c2 or fuzz.token_set_ratio(c1, c2) >= 88 else HUMAN["city_differs"]
    return total


words = st.sampled_from(
    ["Ann", "Anne", "Bob", "Robert", "A", "Okafor", "Okafar", "Smith", "Smyth", "", "Garcia", "García", "Robret"]
)
people = st.builds(
    Human,
    st.integers(0, 10**6),
    words,
    words,
    st.lists(st.sampled_from(["a@x.example", "b@x.example", "info@y.example", "a@gmail.com"]), max_size=2).map(tuple),
    st.lists(st.sampled_from(["614-555-0100", "614-555-0101", "(740) 555-0100"]), max_size=2).map(tuple),
    city=st.sampled_from(["", "Columbus", "Lima"]),
    zip_code=st.sampled_from(["", "43215", "45801"]),
    born=st.sampled_from(["", "19800101", "19800110", "19991231", "19800121"]),
    number=st.sampled_from(["", "4711123", "4711132", "4717723", "9900881"]),
)


@given(st.lists(people, min_size=1, max_size=6), st.lists(people, min_size=1, max_size=6))
def test_the_fast_way_gives_the_bits_of_the_slow_twin(left, right):
    first, second = (array.ravel() for array in np.indices((len(left), len(right))))
    fast = compare_humans(Humans.of(left), Humans.of(right), first, second).total()
    slow = [twin_bits(left[a], right[b]) for a, b in zip(first, second, strict=True)]
    assert np.allclose(fast, slow)


@given(st.lists(people, min_size=2, max_size=12))
@settings(max_examples=60)
def test_blocking_loses_no_people_that_the_comparison_of_all_pairs_calls_the_same(records):
    assert _lost(records) == 0


def _lost(records) -> int:
    """How many pairs that would be "same" share no key."""
    side = _prepared(records)
    first, second = np.triu_indices(len(records), 1)
    rarity = None if isinstance(records[0], Human) else Rarity(side)
    evidence = evidence_of(side, side, first, second, rarity)
    bits = evidence.total() + prior(len(records))
    wanted = {
        (int(first[at]), int(second[at]))
        for at in np.flatnonzero((bits >= SAME_BITS) & two_kinds(evidence) & is_worth_a_look(evidence, bits))
    }
    found = set(zip(*(column.tolist() for column in blocking.pairs(side, side, within=True)), strict=True))
    return len(wanted - found)


def test_blocking_loses_few_companies_of_four_agencies():
    import sys

    sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
    try:
        from made_lists import agencies
    finally:
        sys.path.pop(0)
    entries, owner = agencies(1_500)
    true_pairs = sum(owner[a] == owner[b] for a in range(len(owner)) for b in range(a + 1, len(owner)))
    assert _lost(entries) <= true_pairs * 0.005


def test_two_restaurant_guides_are_joined_without_a_wrong_pair(shared):
    """112 true pairs; the one that stays "perhaps" has another name and another address, and shares only a phone."""
    folder = shared / "data" / "matching"

    def rows(name):
        with (folder / name).open(encoding="utf-8") as opened:
            return list(csv.DictReader(opened))

    left, right = (
        [Firm(int(r["id"]), r["name"], r["addr"], r["city"], phones=(r["phone"],)) for r in rows(name)]
        for name in ("fodors.csv", "zagats.csv")
    )
    truth = {(int(r["fodors_id"]), int(r["zagats_id"])) for r in rows("matches_fodors_zagats.csv")}
    found = link(left, right)
    same = {(one.left, one.right) for one in found if one.answer is Answer.SAME}
    assert same <= truth and len(same) >= 111
    assert truth <= {(one.left, one.right) for one in found}


def test_splink_gives_the_same_kind_of_answer(shared):
    pytest.importorskip("splink")
    from sharedtable.people.matching.splinking import match

    folder = shared / "data" / "matching"
    with (folder / "fodors.csv").open(encoding="utf-8") as opened:
        left = [
            Firm(int(r["id"]), r["name"], r["addr"], r["city"], phones=(r["phone"],)) for r in csv.DictReader(opened)
        ]
    found = match(left, left, engine="splink")
    assert {one.left for one in found if one.left == one.right and one.answer is Answer.SAME} >= {
        one.key for one in left[:50]
    }


def test_nothing_is_compared_with_nothing():
    assert link([], []) == [] and link_within([]) == [] and link([Human(1, "A", "B")], []) == []
