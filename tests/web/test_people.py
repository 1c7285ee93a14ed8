"""The pages of people and organisations, as conveners, agency staff and holders of links use them."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharedtable.accounts.links import make_link
from sharedtable.ledger.models import Letter
from sharedtable.people.actions import entries, judgements
from sharedtable.people.list_models import Segment
from sharedtable.people.models import Organisation, Person, Tie
from sharedtable.people.search import refresh_organisations, refresh_people
from sharedtable.web.actor import link_cookie
from sharedtable.web.people import words
from sharedtable.web.people.rules import RULES
from tests.cast import Cast
from tests.web.conftest import words as said


@pytest.fixture
def record(cast: Cast) -> Cast:
    refresh_organisations(Organisation.objects.all())
    refresh_people(Person.objects.all())
    return cast


def at(name: str, *more: object, team: str = "ohio") -> str:
    return reverse(name, args=[team, *more])


def holder(cast: Cast, person: Person, purpose: str = "held") -> tuple[Client, int]:
    """A browser in which somebody opened their personal link."""
    link, token = make_link(by=cast.ohio.actor("convener"), purpose=purpose, person_id=person.pk)
    client = cast.client("visitor")
    client.cookies[link_cookie(link.pk)] = token
    return client, link.pk


PAGES = ("people", "person-add", "asks", "organisations", "organisation-add", "partner-directory", "associations",
         "ties", "champions")  # fmt: skip
PERSON_PAGES = ("person", "person-edit", "person-move", "person-join", "person-erase")


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_opens_for_a_convener_in_both_languages(record: Cast, language: str) -> None:
    client = record.client("convener")
    client.cookies["language"] = language
    judgements.add_evidence(
        by=record.ohio.actor("convener"), person_id=record.ohio.chair.pk, key="test_company", is_met=True, text="Seen"
    )
    judgements.set_tie(
        by=record.ohio.actor("convener"), person_id=record.ohio.chair.pk, agency_id=record.ohio.board.pk, strength=2
    )
    addresses = [at(name) for name in PAGES]
    addresses += [at(name, record.ohio.chair.pk) for name in PERSON_PAGES]
    addresses += [at(name, record.ohio.company.pk) for name in ("organisation", "organisation-edit")]
    addresses += [at("membership", record.ohio.chair.memberships.get().pk)]
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200, address
        assert response["Cache-Control"] == "private, no-store"


def test_every_label_and_verb_has_words() -> None:
    from sharedtable.people.actions.judgements import CONSENTS
    from sharedtable.people.actions.own_data import ASKABLE, SELF_DESCRIBED

    assert words.CONSENT.keys() == set(CONSENTS)
    assert words.DESCRIBED.keys() == set(SELF_DESCRIBED)
    assert words.FIELDS.keys() >= set(ASKABLE)


@pytest.mark.parametrize("role", ["economist", "adviser", "state", "stranger", "visitor"])
@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.who == "member"])
def test_who_may_not_see_people_learns_only_not_found(record: Cast, role: str, name: str) -> None:
    number = {"organisation": record.ohio.company.pk}.get(name.split("-")[0], record.ohio.chair.pk)
    for more in ((), (number,), (number, "x"), ("xlsx",)):
        try:
            address = at(name, *more)
        except Exception:
            continue
        client = record.client(role)
        assert client.get(address).status_code == client.post(address).status_code == 404
        return
    pytest.fail(f"no address for {name}")


def test_a_person_of_another_team_is_not_there(record: Cast) -> None:
    client = record.client("convener")
    for name in PERSON_PAGES:
        assert client.get(at(name, record.maine.chair.pk)).status_code == 404
        assert client.get(at(name, record.maine.chair.pk, team="maine")).status_code == 404
    page = said(client.get(at("people")))
    assert record.ohio.chair.name in page and record.maine.chair.name not in page


def test_agency_staff_see_names_of_all_and_contacts_of_their_own(record: Cast) -> None:
    client = record.client("agency")
    page = said(client.get(at("people")))
    assert record.ohio.chair.name in page and record.ohio.chair.email not in page
    assert record.ohio.partner.email in page
    other = client.get(at("person", record.ohio.chair.pk))
    text = other.content.decode()
    assert other.status_code == 200 and "Ask a convener" in text
    assert record.ohio.chair.email not in text and "private note" not in text and "person-edit" not in text
    assert client.get(at("person-edit", record.ohio.chair.pk)).status_code == 404
    assert client.get(at("person-edit", record.ohio.partner.pk)).status_code == 200
    assert client.post(at("person-archive", record.ohio.chair.pk), {"away": "1"}).status_code == 404


def test_a_person_is_added_at_a_company_that_was_found_by_name(record: Cast) -> None:
    client = record.client("convener")
    found = client.post(at("person-add"), {"name": "Robin New", "place_q": "plastics", "find": "1"})
    assert f'value="{record.ohio.company.pk}"' in found.content.decode() and not Person.objects.filter(name="Robin New")
    made = client.post(
        at("person-add"),
        {
            "name": "Robin New",
            "language": "es",
            "organisation": record.ohio.company.pk,
            "title": "Buyer",
            "agency": "0",
        },
    )
    robin = Person.objects.get(name="Robin New")
    assert made["Location"] == at("person", robin.pk)
    page = said(client.get(made["Location"]))
    assert "Buyer" in page and "Lakeside Plastics" in page and "Robin New is in the record." in page


def test_a_wrong_value_stands_beside_its_field_and_nothing_typed_is_lost(record: Cast) -> None:
    response = record.client("convener").post(
        at("person-add"), {"name": "Robin New", "email": "robin at", "phone": "1", "language": "en", "agency": "0"}
    )
    text = response.content.decode()
    assert response.status_code == 422 and 'value="robin at"' in text and 'value="Robin New"' in text
    assert "is not a mail address" in text and "is not a phone number" in text


def test_who_was_too_slow_keeps_what_they_typed_and_sees_what_stands_there(record: Cast) -> None:
    client, chair = record.client("convener"), record.ohio.chair
    entries.correct_person(
        by=record.ohio.actor("convener"), pk=chair.pk, version=1, values={"assistant": "Lee, 614 555 0123"}
    )
    form = {"version": "1", "name": chair.name, "assistant": "Kim", "language": "en", "agency": "0"}
    response = client.post(at("person-edit", chair.pk), form)
    page = response.content.decode()
    assert response.status_code == 422 and "Somebody else changed" in page
    assert 'value="Kim"' in page and "Assistant: Lee, 614 555 0123" in page and 'name="version" value="2"' in page
    assert client.post(at("person-edit", chair.pk), {**form, "version": "2"}).status_code == 302
    assert Person.objects.get(pk=chair.pk).assistant == "Kim"


def test_a_change_of_employer_says_what_hangs_on_it_and_keeps_the_history(record: Cast) -> None:
    client, chair = record.client("convener"), record.ohio.chair
    page = said(client.get(at("person-move", chair.pk)))
    assert "They leave Lakeside Plastics" in page and record.ohio.partnership.name in page
    response = client.post(
        at("person-move", chair.pk),
        {"organisation": record.ohio.board.pk, "title": "Director", "started_on": timezone.localdate().isoformat()},
    )
    assert response.status_code == 422  # the old place began today: the new one cannot begin before it
    assert "before the old one did" in said(response)
    chair.memberships.update(started_on=date(2020, 5, 1))
    client.post(
        at("person-move", chair.pk),
        {"organisation": record.ohio.board.pk, "title": "Director", "started_on": "2026-06-01"},
    )
    page = said(client.get(at("person", chair.pk)))
    assert "Director" in page and "Lakeside Workforce Board" in page and "May 31, 2026" in page


def test_an_entry_that_was_joined_to_another_leads_on_to_it(record: Cast) -> None:
    Person.objects.filter(pk=record.ohio.champion.pk).update(merged_into=record.ohio.chair)
    response = record.client("convener").get(at("person", record.ohio.champion.pk))
    assert (response.status_code, response["Location"]) == (302, at("person", record.ohio.chair.pk))


def test_filters_stand_in_the_address_and_can_be_taken_away(record: Cast) -> None:
    client = record.client("convener")
    response = client.get(at("people"), {"kind": "support", "system": "education", "q": "pat"})
    page = response.content.decode()
    assert record.ohio.partner.name in page and record.ohio.chair.name not in page
    assert f'href="{at("people")}?q=pat&amp;system=education"' in page or "system=education" in page
    assert "Nobody fits" in said(client.get(at("people"), {"q": "nobody"}))


def test_many_are_looked_at_before_they_change(record: Cast) -> None:
    client = record.client("convener")
    form = {"thing": "people", "id": [record.ohio.chair.pk, record.ohio.champion.pk], "change": "language"}
    review = said(client.post(at("people-bulk"), {**form, "value_language": "es"}))
    assert "Write to 2 people in Spanish?" in review and record.ohio.chair.name in review
    assert not Person.objects.filter(language="es").exists()
    client.post(at("people-bulk"), {**form, "value_language": "es", "confirm": "1"})
    assert Person.objects.filter(language="es").count() == 2
    picked = {"thing": "people", "all": "1", "kind": "business", "change": "segment", "value_segment": "Prospects"}
    client.post(at("people-bulk"), {**picked, "confirm": "1"})
    kept = Segment.objects.get(name="Prospects")
    assert record.ohio.chair.name in said(client.get(at("people"), {"segment": kept.pk}))


def test_a_list_is_kept_under_a_name_and_forgotten(record: Cast) -> None:
    client = record.client("convener")
    client.post(at("segment-save"), {"thing": "people", "name": "Companies", "kind": "business", "for_team": "1"})
    kept = Segment.objects.get()
    assert (kept.query, kept.owner) == ({"kind": "business"}, "")
    client.post(at("segment-drop", kept.pk), {"thing": "people"})
    assert not Segment.objects.exists() and Person.objects.count() == 6


def test_a_download_carries_codes_as_text_and_no_formula(record: Cast) -> None:
    Organisation.objects.filter(pk=record.ohio.company.pk).update(zip_code="01234", county_code="01001", name="=1+1")
    client = record.client("convener")
    book = openpyxl.load_workbook(io.BytesIO(client.get(at("organisations-download", "xlsx")).content))
    cells = {cell.value: cell.data_type for row in book["Organizations"].iter_rows() for cell in row}
    assert cells["01234"] == "s" and cells["01001"] == "s" and cells["326199"] == "s" and "f" not in cells.values()
    csv = client.get(at("people-download", "csv"))
    assert csv["Content-Disposition"].startswith("attachment") and csv.content.startswith(b"\xef\xbb\xbf")
    assert record.ohio.chair.email in csv.content.decode()
    own = record.client("agency").get(at("people-download", "csv")).content.decode()
    assert record.ohio.partner.email in own and record.ohio.chair.email not in own
    assert record.client("admin").get(at("people-download", "csv")).status_code == 404


def test_evidence_ties_consents_and_stopped_mail_are_written_from_the_page(record: Cast) -> None:
    client, chair = record.client("convener"), record.ohio.chair
    client.post(at("person-evidence", chair.pk), {"key": "test_company", "is_met": "yes", "text": "Paid for trainers"})
    client.post(at("person-tie", chair.pk), {"agency": record.ohio.board.pk, "strength": "3"})
    client.post(at("person-consent", chair.pk), {"key": "news", "is_given": "yes", "how": "on the phone"})
    client.post(at("person-mail", chair.pk), {"level": "space", "reason": "asked us"})
    page = said(client.get(at("person", chair.pk)))
    for text in ("1 test of three met", "Paid for trainers", "They call back the same day", "Gets news", "asked us"):
        assert text in page
    assert "Paid for trainers" not in said(record.client("admin").get(at("person", chair.pk)))
    client.post(at("person-mail", chair.pk), {"level": "space", "allow": "1", "reason": "asked again"})
    assert "asked us" not in said(client.get(at("person", chair.pk)))


def test_erasing_needs_the_name_typed_and_a_hold_blocks_it(record: Cast) -> None:
    client, chair = record.client("convener"), record.ohio.chair
    assert client.post(at("person-erase", chair.pk), {"typed": "yes"}).status_code == 422
    client.post(at("person-hold", chair.pk), {"reason": "records request"})
    assert "records request" in said(client.post(at("person-erase", chair.pk), {"typed": chair.name}))
    client.post(at("person-hold", chair.pk), {"reason": ""})
    assert client.post(at("person-erase", chair.pk), {"typed": chair.name}).status_code == 302
    page = said(client.get(at("person", chair.pk)))
    assert "Erased person" in page and "Casey" not in page
    assert client.get(at("people"), {"q": "casey"}).context["found"].total == 0


# --- personal links ---------------------------------------------------------------------------------------------------


def test_everything_held_is_shown_by_link_and_sent_from_the_page(record: Cast) -> None:
    client, chair = record.client("convener"), record.ohio.chair
    client.post(at("person-send", chair.pk), {"purpose": "held"})
    assert Letter.objects.get(kind="held").to_address == chair.email
    mine, link = holder(record, chair)
    answer = mine.get(reverse("held", args=[link]))
    for purpose in ("email", "work tel", "mobile tel"):
        assert f'autocomplete="{purpose}"' in answer.content.decode()
    page = said(answer)
    for text in (chair.name, "Lakeside Plastics", "President", record.ohio.partnership.name, "A convener keeps notes"):
        assert text in page
    assert "private note" not in page and "Private" not in page
    copy = mine.get(reverse("held-copy", args=[link, "json"]))
    assert chair.email in copy.content.decode() and "private note" not in copy.content.decode()
    assert mine.get(reverse("held-copy", args=[link, "exe"])).status_code == 404


def test_the_holder_corrects_shows_stops_and_asks(record: Cast) -> None:
    chair = record.ohio.chair
    mine, link = holder(record, chair)
    wrong = mine.post(reverse("held-contact", args=[link]), {"email": chair.email, "phone": "x", "language": "en"})
    assert wrong.status_code == 422 and "is not a phone number" in said(wrong)
    mine.post(reverse("held-contact", args=[link]), {"email": chair.email, "phone": "614 555 0144", "language": "es"})
    mine.post(reverse("held-shown", args=[link]), {"shown": "1"})
    mine.post(reverse("held-words", args=[link]), {"pronouns": "she"})
    mine.post(reverse("held-mail", args=[link]), {"level": "space"})
    mine.post(reverse("held-ask", args=[link]), {"kind": "erase"})
    chair.refresh_from_db()
    assert (chair.phone, chair.language, chair.shows_contact) == ("+16145550144", "es", True)
    assert chair.self_described == {"pronouns": "she"} and chair.asks.get().kind == "erase"
    assert Letter.objects.filter(kind="confirmation", person_id=chair.pk).count() == 5
    page = said(record.client("convener").get(at("person", chair.pk)))
    assert (
        "asks to be erased" in page and "no mail" in page and "Only they see it" in page and "she" not in page.split()
    )


def test_opening_a_link_and_head_change_nothing(record: Cast) -> None:
    mine, link = holder(record, record.ohio.chair)
    before = list(Person.objects.values()), Letter.objects.count()
    for _ in range(3):
        assert mine.get(reverse("held", args=[link])).status_code == 200
        assert mine.head(reverse("held", args=[link])).status_code == 200
    assert (list(Person.objects.values()), Letter.objects.count()) == before


def test_whoever_came_by_a_link_sees_their_task_and_no_menu(record: Cast) -> None:
    mine, link = holder(record, record.ohio.chair)
    page = mine.get(reverse("held", args=[link])).content.decode()
    assert 'class="site-nav"' not in page and reverse("account_login") not in page
    assert 'class="site-nav"' in mine.get("/style").content.decode()


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.who == "link"])
def test_a_link_opens_pages_of_its_purpose_alone(record: Cast, name: str) -> None:
    other = {"held": "ties", "ties": "held"}[next(iter(RULES[name].purposes))]
    mine, link = holder(record, record.ohio.chair, other)
    address = reverse(name, args=[link, "json"]) if name == "held-copy" else reverse(name, args=[link])
    assert mine.get(address).status_code == mine.post(address).status_code == 404
    stranger = record.client("visitor")
    assert stranger.get(address).status_code == stranger.post(address).status_code == 404


def test_a_partner_ticks_on_the_page_and_the_convener_sees_how_well(record: Cast) -> None:
    client = record.client("convener")
    client.post(at("ties-ask"), {"partner": [record.ohio.partner.pk]})
    assert Letter.objects.get(kind="ties").to_address == record.ohio.partner.email
    mine, link = holder(record, record.ohio.partner, "ties")
    address = reverse("my-ties", args=[link])
    page = mine.get(address).content.decode()
    assert record.ohio.chair.name in page and record.ohio.chair.email not in page
    chair = record.ohio.chair.pk
    mine.post(
        address, {f"know-{chair}": "3", f"note-{chair}": "zq7 sat on my board", f"know-{record.maine.chair.pk}": "3"}
    )
    assert Tie.objects.get().person_id == chair
    assert "zq7 sat on my board" in mine.get(address).content.decode()
    for name, more in (("ties", ()), ("person", (chair,)), ("champions", ())):
        assert "zq7" not in client.get(at(name, *more)).content.decode()
    assert "They call back the same day" in said(client.get(at("ties")))


def test_the_badge_says_in_words_who_sees_a_block(record: Cast) -> None:
    from sharedtable.web.templatetags.who_sees import seen_by, seen_level, seen_short

    assert seen_by("people.contact") == "Administrator, Convener; Agency staff for their own list"
    assert seen_by("people.private") == "Convener"
    assert seen_by("named") == "Only the person who wrote it"
    # The four words that partners know, from the table of permissions; conveners and the inner table beside them.
    said = {what: seen_short(what) for what in ("named", "people.contact", "people.see", "public", "people.private")}
    assert list(said.values()) == ["Only me", "My agency", "Support team", "Everyone", "Conveners"]
    assert (seen_short("partnerships.change"), seen_level("partnerships.change")) == ("Conveners", "conveners")
    assert (seen_short("partnerships.inner"), seen_short("inner")) == ("Inner table", "Inner table")
    page = record.client("convener").get(at("person", record.ohio.chair.pk)).content.decode()
    assert page.count('class="who-sees') >= 6


def test_where_staff_type_notes_stands_that_they_may_be_public(record: Cast) -> None:
    address = at("person-edit", record.ohio.chair.pk)
    assert "This may be a public record in your state" in said(record.client("convener").get(address))
    record.ohio.space.records_notice = "Ohio law: R.C. 149.43."
    record.ohio.space.save()
    assert "Ohio law: R.C. 149.43." in said(record.client("convener").get(address))


def test_every_act_of_these_links_can_be_undone_and_has_words() -> None:
    from sharedtable.web import links

    assert links.UNDO.keys() == links.WORDS.keys() >= {"person.own_contact", "person.own_ask", "ties.tick"}
    assert {"held", "ties"} <= links.PAGES.keys() <= links.SAYS.keys()
