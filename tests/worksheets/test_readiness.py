"""Ready when most are yes: the record answers what it can, people answer the rest (D02)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from sharedtable.method import tools
from sharedtable.method.presets import preset
from sharedtable.method.questions import DECIDES
from sharedtable.partnerships import agreeing, scoping, seating, teamwork
from sharedtable.partnerships.models import Agreement, Confirmation, Decision
from sharedtable.people.models import Organisation
from sharedtable.worksheets import answering, outcome_actions, readiness, result_queries, round_actions
from sharedtable.worksheets.answering import Edit
from sharedtable.worksheets.evidence import EVIDENCE
from sharedtable.worksheets.models import Round
from sharedtable.worksheets.round_actions import NewRound
from tests.web.conftest import words
from tests.worksheets.rounds import all_answer, begun, seats

pytestmark = pytest.mark.django_db
TOOL = "launch-readiness"
SAID = ("natural", "edges", "groups-known", "groups-with-us", "branches", "peers", "help")


def asked(cast, yes: int) -> Round:
    """A round that one group answered on a screen: the first so many questions with yes."""
    by = cast.ohio.actor("convener")
    made = round_actions.start_round(NewRound(TOOL, "group", cast.ohio.partnership), by=by)
    round_actions.open_round(made.pk, by=by)
    edits = [Edit(name, "yes" if n < yes else "not_yet", n + 1, "screen") for n, name in enumerate(SAID)]
    answering.save_group(by=by, number=made.pk, name="Table 1", edits=edits)
    return round_actions.reveal(made.pk, by=by)


def result(cast, made: Round) -> readiness.Readiness:
    found = result_queries.result_page(cast.ohio.actor("convener"), made.pk, "en").readiness
    assert found is not None
    return found


def test_the_four_areas_are_there_and_each_verdict_is_worded_by_the_evidence_of_its_key():
    sheet = tools.tool(TOOL).sheet("en")
    assert [section.id for section in sheet.sections] == ["scope", "partners", "champions", "convening"]
    keys = {question.evidence for question in sheet.questions if question.kind == "evidence"}
    assert keys == set(readiness.VERDICTS) and keys <= set(EVIDENCE)


def test_an_empty_record_says_not_yet_and_people_alone_do_not_make_it_ready(cast):
    found = result(cast, asked(cast, 7))
    assert (found.yes, found.all) == (7, 14)
    assert not found.is_ready
    page = words(cast.client("convener").get(reverse("round-results", args=["ohio", Round.objects.get().pk])))
    assert "Not ready yet" in page and "7 of 14 are yes" in page


def test_what_is_done_in_the_record_counts_without_being_typed(cast):
    team, by = cast.ohio, cast.ohio.actor("convener")
    one, now = team.partnership, timezone.now()
    scoping.make_version(by=by, partnership=one, based_on=0, region="39049", sector="3261", note="")
    one.scopes.update(is_good_enough=True)
    seating.give_seat(by=by, partnership=one, role="chair", person=team.champion)
    hours = Decimal(str(preset("convener_time_least").value * preset("full_time_week_hours").value))
    teamwork.pledge(
        by=by, partnership=one, organisation=team.college, hours_a_week=hours, started_on=now.date(), ends_on=None
    )
    verdicts = readiness.verdicts(tools.tool(TOOL).sheet("en"), team.space, one)
    assert verdicts["scope-kept"] and verdicts["chairs"] and verdicts["time"]
    assert not verdicts["companies"] and not verdicts["agreement"]
    found = result(cast, asked(cast, 7))
    assert found.yes == 7 + sum(verdicts.values())
    assert found.is_ready
    page = words(cast.client("convener").get(reverse("round-results", args=["ohio", Round.objects.get().pk])))
    assert "Ready: most answers are yes" in page and "from the record" in page
    one.pledges.update(ends_on=now.date() + timedelta(days=30))
    assert not readiness.verdicts(tools.tool(TOOL).sheet("en"), team.space, one)["time"]


def test_enough_companies_and_a_confirmed_agreement_are_read_from_the_record(cast):
    team, by, now = cast.ohio, cast.ohio.actor("convener"), timezone.now()
    one = team.partnership
    scoping.make_version(by=by, partnership=one, based_on=0, region="39049", sector="3261", note="")
    Organisation.objects.bulk_create(
        Organisation(
            space=team.space, kind="business", name=f"Firm {n}", naics_code="326113", county_code="39049",
            employees=80, made_at=now, changed_at=now,
        )
        for n in range(int(preset("companies_in_definition").value))
    )  # fmt: skip
    verdicts = readiness.verdicts(tools.tool(TOOL).sheet("en"), team.space, one)
    assert verdicts["companies"]
    agreement = agreeing.write_agreement(by=by, partnership=one)
    assert not readiness.VERDICTS["agreement_confirmed"](team.space, one)
    for line in Agreement.objects.get(pk=agreement.pk).lines:
        Confirmation.objects.create(
            space=team.space, agreement=agreement, organisation_id=line["organisation"], person=team.partner, at=now
        )
    assert readiness.VERDICTS["agreement_confirmed"](team.space, one)


def test_a_later_change_of_the_record_does_not_change_a_result_that_was_shown(cast):
    made = asked(cast, 7)
    before = result(cast, made).yes
    seating.give_seat(
        by=cast.ohio.actor("convener"), partnership=cast.ohio.partnership, role="chair", person=cast.ohio.champion
    )
    assert result(cast, made).yes == before


# --- the kind of a decision, and whose answers they were --------------------------------------------------------------


def test_the_kinds_that_a_worksheet_may_name_are_those_of_decisions_but_for_the_executives():
    assert set(DECIDES) == set(Decision.Kind.values) - {"executive"}


def test_a_decision_out_of_a_result_is_of_the_kind_that_the_worksheet_is_about(cast):
    team, by = cast.ohio, cast.ohio.actor("convener")
    made = begun(team, [team.chair, team.partner], "convener-role")
    round_actions.reveal(made.pk, by=by)
    client, address = cast.client("convener"), reverse("round-results", args=["ohio", made.pk])
    assert '<option value="convener" selected>' in client.get(address).content.decode()
    said = outcome_actions.decide(made.pk, outcome_actions.Decided("Who convenes?", "The college"), by=by)
    assert said.kind == "convener"
    form = {"question": "Who first?", "chosen": "Plastics", "kind": "sector"}
    client.post(reverse("round-decide", args=["ohio", made.pk]), form)
    assert Decision.objects.get(question="Who first?").kind == "sector"
    refused = outcome_actions.Decided("Q", "C", kind="executive")
    assert outcome_actions.decide(made.pk, refused, by=by).kind == "other"


def test_an_answer_a_pledge_and_a_decision_say_from_whom_and_from_which_table(cast):
    team, by = cast.ohio, cast.ohio.actor("convener")
    made = begun(team, [team.chair, team.partner], "short-pitch")
    words_of = next(q.id for q in made.worksheet("en").questions if q.kind == "long")
    all_answer(made, [team.chair], ["From the firm"], words_of)
    all_answer(made, [team.partner], ["From the college"], words_of)
    round_actions.reveal(made.pk, by=by)
    outcome_actions.pledge(made.pk, by=by, who=team.partner.name, what="Call")
    decided = outcome_actions.Decided("What?", "That", decided_by=f"{team.chair.name}\n{team.partner.name}")
    decision = outcome_actions.decide(made.pk, decided, by=by)
    client = cast.client("convener")
    page = words(client.get(reverse("round-results", args=["ohio", made.pk])))
    assert f"{team.chair.name}, inner table" in page
    assert f"{team.partner.name}, support partner" in page
    assert f"{team.partner.name} (support partner)" in page
    assert "From: 1 inner table, 1 support partner" in page
    page = words(client.get(reverse("partnership-decision", args=["ohio", "plastics", decision.pk])))
    assert "Where it came from" in page and "1 inner table, 1 support partner" in page
    assert f"{team.chair.name} (inner table)" in page
    assert "Only support partners answered" not in page


def test_what_only_partners_said_is_marked_as_theirs(cast):
    team, by = cast.ohio, cast.ohio.actor("convener")
    made = begun(team, [team.partner])
    all_answer(made, [team.partner], [3])
    round_actions.reveal(made.pk, by=by)
    decision = outcome_actions.decide(made.pk, outcome_actions.Decided("What?", "That"), by=by)
    client = cast.client("convener")
    assert "Only support partners answered here" in words(client.get(reverse("round-results", args=["ohio", made.pk])))
    page = client.get(reverse("partnership-decision", args=["ohio", "plastics", decision.pk]))
    assert "Only support partners answered" in words(page)


def test_without_names_no_table_is_told_where_a_table_could_point_to_people(cast):
    team, by = cast.ohio, cast.ohio.actor("convener")
    people = [*seats(team, 5), team.partner]
    made = begun(team, people, is_anonymous=True)
    all_answer(made, people, [1, 2, 3, 4, 5, 3])
    round_actions.reveal(made.pk, by=by)
    page = result_queries.result_page(by, made.pk, "en")
    assert page.tables == {}
    assert all(not one.who and not one.table for found in page.results.results.values() for one in found.words)


# --- fewer than five, and no mail -------------------------------------------------------------------------------------


def test_the_start_page_refuses_a_nameless_round_of_a_few_and_says_why(cast):
    client = cast.client("convener")
    start = reverse("worksheet-start", args=["ohio", "review-launch"])
    page = client.get(f"{start}?partnership=plastics")
    assert 'name="is_anonymous" id="id_is_anonymous" checked' not in page.content.decode()
    assert page.context["form"].initial == {"is_anonymous": False}
    form = {"partnership": "plastics", "way": "private", "people": [cast.ohio.partner.pk], "is_anonymous": "on"}
    answer = client.post(start, form)
    assert answer.status_code == 422
    assert "Without names, ask 5 people or more" in words(answer)
    assert not Round.objects.exists()
    seats(cast.ohio, 4, table="outer")
    assert client.get(f"{start}?partnership=plastics").context["form"].initial == {"is_anonymous": True}


def test_who_has_no_mail_gets_a_slip_with_a_link_that_works_and_its_picture(cast):
    from sharedtable.accounts.links import open_link

    team, client = cast.ohio, cast.client("convener")
    type(team.partner).objects.filter(pk=team.partner.pk).update(email="")
    made = begun(team, [team.chair, team.partner])
    assert "Print a link for 1 person without mail" in words(client.get(reverse("round", args=["ohio", made.pk])))
    page = client.post(reverse("round-slips", args=["ohio", made.pk]))
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    said = words(page)
    assert team.partner.name in said and team.chair.name not in said
    token = page.context["slips"][0][0].token
    assert f"/l/{token}" in page.content.decode() and '<path d="M' in page.content.decode()
    link = open_link(token)
    phone = cast.client("visitor")
    phone.cookies[f"link-{link.pk}"] = token
    assert phone.get(reverse("my-worksheet", args=[link.pk])).status_code == 200
    assert token not in client.get(reverse("round", args=["ohio", made.pk])).content.decode()
    assert cast.client("agency").post(reverse("round-slips", args=["ohio", made.pk])).status_code == 404


def test_with_mail_for_all_there_is_nothing_to_print(cast):
    made = begun(cast.ohio, [cast.ohio.chair])
    answer = cast.client("convener").post(reverse("round-slips", args=["ohio", made.pk]))
    assert "Nothing to print" in words(answer)
