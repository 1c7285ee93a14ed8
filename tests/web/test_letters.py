"""The outbox on its pages: what waits can be called back, what failed sent again; nobody reads another's letters."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from sharedtable.accounts import letters as actions
from sharedtable.accounts.links import make_link
from sharedtable.accounts.models import LinkAct
from sharedtable.accounts.rights import may_send
from sharedtable.errors import Missing
from sharedtable.ledger import deliverability, suppression
from sharedtable.ledger.actions import Draft
from sharedtable.ledger.models import Entry, Letter, Suppression
from sharedtable.ledger.worker import Worker
from sharedtable.web.actor import link_cookie
from tests.web.conftest import words

NOW = timedelta(0)


@pytest.fixture(autouse=True)
def _mail_folder(settings, tmp_path) -> None:
    settings.DATA, settings.BACKUPS = tmp_path, tmp_path / "backups"
    settings.MAIL_HOST = ""


def write(team, number: int = 1, **more) -> Letter:
    hold = more.pop("hold", timedelta(minutes=10))
    batch = more.pop("batch", "")
    fields = {
        "kind": "invite", "key": f"invite:{number}", "to_address": f"reader{number}@ohio.example",
        "to_name": f"Reader {number}", "subject": "The launch", "body": "Dear reader,\n\nplease come.",
        "person_id": team.chair.pk, "verb": "links.make", "from_name": "Cora Convener",
    }  # fmt: skip
    return actions.send_letter(by=team.actor("convener"), draft=Draft(**{**fields, **more}), batch=batch, hold=hold)


def state(letter: Letter) -> str:
    letter.refresh_from_db()
    return letter.state


def page(client: Client, name: str, *args, **query):
    return client.get(reverse(name, args=["ohio", *args]), query)


def post(client: Client, name: str, *args, **data):
    return client.post(reverse(name, args=["ohio", *args]), data)


def test_a_waiting_letter_shows_its_countdown_and_is_called_back(cast) -> None:
    letter = write(cast.ohio)
    client = cast.client("convener")
    assert "leaves in 10 minutes" in words(page(client, "letters"))
    answer = post(client, "letter-cancel", letter.pk)
    assert answer.status_code == 302 and state(letter) == "cancelled"
    assert (
        Entry.objects.filter(verb="letter.cancel", object_id=letter.pk, by=cast.ohio.actor("convener").ref).count() == 1
    )
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        Worker(may_send).once()
    assert state(letter) == "cancelled"
    assert post(client, "letter-cancel", letter.pk).status_code == 422


def test_all_letters_of_one_sending_are_called_back_at_once_and_no_other(cast) -> None:
    batch = [write(cast.ohio, number, batch="launch") for number in range(3)]
    other = write(cast.ohio, 9)
    client = cast.client("convener")
    assert "3 letters of one sending wait" in words(page(client, "letters"))
    post(client, "letters-batch-cancel", batch="launch")
    assert [state(letter) for letter in [*batch, other]] == ["cancelled"] * 3 + ["held"]
    assert Entry.objects.get(verb="letter.cancel").details == {"letters": 3}
    assert post(client, "letters-batch-cancel", batch="launch").status_code == 404


@pytest.mark.parametrize("role", ["agency", "economist", "adviser", "state", "stranger", "visitor"])
def test_whoever_may_not_see_letters_finds_nothing(cast, role) -> None:
    letter = write(cast.ohio)
    client = cast.client(role)
    for name in ("letters", "letters-check", "letters-review", "letters-stops"):
        assert page(client, name).status_code == 404
    assert page(client, "letter", letter.pk).status_code == 404
    for name in ("letter-cancel", "letter-again", "letter-arrived"):
        assert post(client, name, letter.pk).status_code == 404
    assert post(client, "letters-drafts", letter=letter.pk).status_code == 404
    assert state(letter) == "held"


def test_a_letter_of_another_team_is_not_here_under_any_address(cast) -> None:
    theirs = write(cast.maine)
    client = cast.client("convener")
    assert page(client, "letter", theirs.pk).status_code == 404
    for name in ("letter-cancel", "letter-again", "letter-arrived"):
        assert post(client, name, theirs.pk).status_code == 404
    assert post(client, "letters-drafts", letter=theirs.pk).status_code == 404
    assert client.get(reverse("letters", args=["maine"])).status_code == 404
    assert state(theirs) == "held" and "Reader" not in words(page(client, "letters"))


def test_a_convener_of_one_partnership_sees_its_letters_alone(cast) -> None:
    mine, other = write(cast.ohio, 1, partnership_id=cast.ohio.partnership.pk), write(cast.ohio, 2)
    cast.ohio.users["convener"].grants.update(partnership_id=cast.ohio.partnership.pk)
    client = cast.client("convener")
    said = words(page(client, "letters"))
    assert "Reader 1" in said and "Reader 2" not in said
    assert page(client, "letter", mine.pk).status_code == 200
    assert page(client, "letter", other.pk).status_code == 404
    assert post(client, "letter-cancel", other.pk).status_code == 404 and state(other) == "held"
    assert post(client, "letters-leave-alone", address="x@y.example", reason="because of this").status_code == 404


def test_a_letter_shows_its_text_but_no_personal_link_that_works(cast) -> None:
    letter = write(cast.ohio, body="Come: http://127.0.0.1:8000/l/abcdefghijklmnopqrstuv")
    said = page(cast.client("convener"), "letter", letter.pk).content.decode()
    assert "/l/…" in said and "abcdefghijklmnopqrstuv" not in said
    secret = write(cast.ohio, 2, body="Your code: 314159", is_secret=True, is_transactional=True)
    assert "314159" not in page(cast.client("convener"), "letter", secret.pk).content.decode()


def test_a_failed_letter_says_why_in_words_and_is_sent_again(cast) -> None:
    letter = write(cast.ohio, to_address="not an address", hold=NOW)
    Worker(may_send).once()
    client = cast.client("convener")
    assert "This is not a mail address" in words(page(client, "letters", tab="failed"))
    post(client, "letter-again", letter.pk)
    assert state(letter) == "held" and letter.hold_until > timezone.now() and letter.failure == ""
    assert Entry.objects.filter(verb="letter.again").count() == 1


def test_a_letter_of_which_nobody_knows_is_decided_by_a_person(cast) -> None:
    first, second = write(cast.ohio, 1), write(cast.ohio, 2)
    Letter.objects.update(state="unclear", failure="unclear", claimed_at=timezone.now())
    client = cast.client("convener")
    assert "2 letters need your decision" in words(page(client, "letters"))
    post(client, "letter-arrived", first.pk), post(client, "letter-again", second.pk)
    assert (state(first), state(second)) == ("sent", "held")
    assert post(client, "letter-arrived", second.pk).status_code == 422


def test_a_letter_whose_maker_left_the_team_is_held_back_until_somebody_else_sends_it(cast) -> None:
    letter = write(cast.ohio, hold=NOW)
    cast.ohio.users["convener"].grants.update(revoked_at=timezone.now())
    Worker(may_send).once()
    assert state(letter) == "stopped"
    admin = cast.client("admin")
    assert "may not send it any more" in words(page(admin, "letters", tab="failed"))
    letter.verb = ""
    letter.save(update_fields=["verb"])
    post(admin, "letter-again", letter.pk)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        Worker(may_send).once()
    assert state(letter) == "sent" and letter.released_by == cast.ohio.actor("admin").ref


def test_a_role_that_lost_the_verb_sends_no_more_although_it_is_still_there(cast) -> None:
    letter = write(cast.ohio, hold=NOW)
    assert may_send(letter)
    cast.ohio.users["convener"].grants.update(role="adviser")
    assert not may_send(letter)
    answer = write(cast.maine, 2, is_transactional=True)
    cast.maine.users["convener"].grants.update(revoked_at=timezone.now())
    assert may_send(answer)


def test_a_closed_team_sends_no_more_letters(cast) -> None:
    letter = write(cast.ohio)
    cast.ohio.space.closed_at = timezone.now()
    cast.ohio.space.save()
    assert not may_send(letter)


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_drafts_for_my_own_mailbox_are_looked_at_first_and_come_as_mails_and_as_a_list(cast) -> None:
    letters = [write(cast.ohio, number, to_name=f"=Reader {number}") for number in (1, 2)]
    blocked = write(cast.ohio, 3)
    suppression.suppress(
        blocked.to_address, level=suppression.Level.SPACE, cause=suppression.Cause.ASKED, by="link:1",
        space_id=cast.ohio.space.pk,
    )  # fmt: skip
    ids = [letter.pk for letter in [*letters, blocked]]
    client = cast.client("convener")
    review = words(client.get(reverse("letters-review", args=["ohio"]), {"letter": ids}))
    assert "2 letters" in review and "1 person is left out" in review and "Reader 3" in review
    assert "please come" in review
    answer = post(client, "letters-drafts", letter=ids)
    assert answer["Content-Type"] == "application/zip"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert [name for name in archive.namelist() if name.endswith(".eml")] == ["001-reader-1.eml", "002-reader-2.eml"]
    mail = message_from_bytes(archive.read("001-reader-1.eml"), policy=default)
    assert mail["X-Unsent"] == "1" and mail["From"] is None and "/l/" in mail.get_content()
    book = load_workbook(io.BytesIO(archive.read("mail-merge.xlsx")))
    cells = [cell for row in book["letters"].iter_rows() for cell in row]
    assert "reader1@ohio.example" in [cell.value for cell in cells]
    assert any(str(cell.value).startswith("http://127.0.0.1:8000/l/") for cell in cells)
    assert not any(cell.data_type == "f" for cell in cells)
    assert [state(letter) for letter in [*letters, blocked]] == ["drafted", "drafted", "held"]
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        Worker(may_send).once()
    assert [state(letter) for letter in letters] == ["drafted", "drafted"]
    assert post(client, "letters-drafts", letter=ids[:2]).status_code == 200  # the file got lost: once more


def test_fifty_letters_want_a_second_tick(cast) -> None:
    ids = [write(cast.ohio, number).pk for number in range(50)]
    client = cast.client("convener")
    assert "Yes, all 50 of them" in words(client.get(reverse("letters-review", args=["ohio"]), {"letter": ids}))
    assert post(client, "letters-drafts", letter=ids).status_code == 422
    assert Letter.objects.filter(state="drafted").count() == 0
    assert post(client, "letters-drafts", letter=ids, sure="yes").status_code == 200


def test_a_break_in_the_last_write_changes_no_letter(cast, monkeypatch) -> None:
    letters = [write(cast.ohio, number) for number in (1, 2)]
    before = Entry.objects.count()
    real, calls = actions.record, []

    def breaks(**fields):
        calls.append(fields)
        return real(**fields) if len(calls) < 2 else 1 / 0

    monkeypatch.setattr(actions, "record", breaks)
    with pytest.raises(ZeroDivisionError):
        actions.take_as_drafts(by=cast.ohio.actor("convener"), letters=[letter.pk for letter in letters])
    assert [state(letter) for letter in letters] == ["held", "held"] and Entry.objects.count() == before


# --- no more mail -----------------------------------------------------------------------------------------------------


def unsubscribe_token(letter: Letter) -> str:
    return letter.stop_address.rpartition("/")[2]


def test_one_click_in_a_mail_program_stops_such_mail_without_a_cookie_as_often_as_it_likes(cast) -> None:
    letter = write(cast.ohio, partnership_id=cast.ohio.partnership.pk)
    assert letter.body.endswith("\n") and "/l/" in letter.body
    program = Client(enforce_csrf_checks=True)
    address = reverse("stop-at-once", args=[unsubscribe_token(letter)])
    for method in (program.get, program.head) * 3:
        assert method(address).status_code == 302
    assert not Suppression.objects.exists()
    for _again in range(3):
        assert program.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    (found,) = Suppression.objects.all()
    assert (found.level, found.scope_id, found.cause) == ("partnership", cast.ohio.partnership.pk, "asked")
    assert Letter.objects.filter(kind="confirmation", is_transactional=True).count() == 1
    assert suppression.holds_back(
        letter.to_address, space_id=cast.ohio.space.pk, partnership_id=cast.ohio.partnership.pk
    )
    assert not suppression.holds_back(letter.to_address, space_id=cast.ohio.space.pk)


def test_a_wrong_or_other_token_stops_nothing_and_looks_like_none(cast) -> None:
    write(cast.ohio)
    convener = cast.ohio.actor("convener")
    _link, other = make_link(by=convener, purpose="profile", person_id=cast.ohio.chair.pk)
    for token in ("abcdefghijklmnopqrstuv", other, "x" * 400):
        assert Client().post(reverse("stop-at-once", args=[token])).status_code == 404
    assert not Suppression.objects.exists()


def holder(cast, letter: Letter) -> tuple[Client, str]:
    by = actions.holder_of(unsubscribe_token(letter))
    number = int(by.ref.removeprefix("link:"))
    client = Client(headers={"host": "testserver"})
    client.cookies[link_cookie(number)] = unsubscribe_token(letter)
    return client, reverse("stop-mail", args=[number])


def test_a_person_stops_mail_on_their_page_at_the_level_they_choose_and_takes_it_back(cast) -> None:
    letter = write(cast.ohio)
    client, address = holder(cast, letter)
    assert "Opening this page changed nothing" in words(client.get(address))
    assert not Suppression.objects.exists()
    client.post(address, {"level": "installation"})
    assert Suppression.objects.get().level == "installation"
    assert "You get no more mail" in words(client.get(address))
    client.post(address, {"level": "again"})
    assert Suppression.objects.get().lifted_at is not None
    assert "No more mail?" in words(client.get(address))


def test_what_a_scanner_pressed_is_undone_from_the_mail_that_confirms_it(cast) -> None:
    letter = write(cast.ohio)
    actions.stop_mail(by=actions.holder_of(unsubscribe_token(letter)))
    act = LinkAct.objects.get()
    from dataclasses import replace

    undo = replace(actions.holder_of(unsubscribe_token(letter)), purpose="undo", object_kind="act", object_id=act.pk)
    actions.undo_stop(act.object_id, undo)
    assert not suppression.holds_back(letter.to_address, space_id=cast.ohio.space.pk)
    with pytest.raises(Missing):
        actions.undo_stop(act.object_id, undo)


def test_a_convener_lifts_with_a_reason_only_and_never_what_a_person_asked_of_everybody(cast) -> None:
    letter = write(cast.ohio)
    client = cast.client("convener")
    link = actions.holder_of(unsubscribe_token(letter))
    actions.stop_mail(by=link, level="space")
    short = post(client, "letters-lift", address=letter.to_address, reason="x")
    assert short.status_code == 422 and letter.to_address in short.content.decode()
    assert suppression.holds_back(letter.to_address, space_id=cast.ohio.space.pk)
    post(client, "letters-lift", address=letter.to_address.upper(), reason="She rang and asked for it")
    assert not suppression.holds_back(letter.to_address, space_id=cast.ohio.space.pk)
    assert Suppression.objects.get().lifted_reason == "She rang and asked for it"
    actions.stop_mail(by=link, level="installation")
    assert post(client, "letters-lift", address=letter.to_address, reason="She rang again").status_code == 422
    assert suppression.holds_back(letter.to_address, space_id=cast.ohio.space.pk)


def test_a_convener_leaves_somebody_alone_and_the_page_says_why_but_not_who(cast) -> None:
    client = cast.client("convener")
    post(client, "letters-leave-alone", address="Lee@Firm.example", reason="Asked on the phone")
    said = words(page(client, "letters-stops"))
    assert "Asked on the phone" in said and "lee@firm" not in said.lower()
    assert suppression.holds_back("lee@firm.example", space_id=cast.ohio.space.pk)
    assert not suppression.holds_back("lee@firm.example", space_id=cast.maine.space.pk)
    assert Entry.objects.filter(verb="mail.stop", space_id=cast.ohio.space.pk).count() == 1


def test_a_mail_that_came_back_is_taken_in_as_a_file_for_ones_own_letters_alone(cast) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.ledger.test_worker import returned

    letter, theirs = write(cast.ohio, hold=NOW), write(cast.maine, 2, hold=NOW)
    Worker(may_send).once()
    letter.refresh_from_db(), theirs.refresh_from_db()
    client = cast.client("convener")
    file = SimpleUploadedFile("back.eml", returned(letter.message_id, letter.to_address))
    assert post(client, "letters-bounce", file=file).status_code == 302
    assert state(letter) == "failed" and "It left and came back" in words(page(client, "letters", tab="failed"))
    foreign = SimpleUploadedFile("back.eml", returned(theirs.message_id, theirs.to_address))
    assert post(client, "letters-bounce", file=foreign).status_code == 422 and state(theirs) == "sent"
    assert post(client, "letters-bounce").status_code == 422


def test_a_role_in_another_partnership_that_may_not_see_letters_opens_none(cast) -> None:
    letter = write(cast.ohio, partnership_id=77)
    user = cast.ohio.users["convener"]
    user.grants.update(partnership_id=cast.ohio.partnership.pk)
    user.grants.create(
        space=cast.ohio.space, role="adviser", partnership_id=77, granted_by="operator", granted_at=timezone.now()
    )
    assert "Reader 1" not in words(page(cast.client("convener"), "letters"))
    assert page(cast.client("convener"), "letter", letter.pk).status_code == 404


def test_a_review_of_many_letters_asks_once_who_wants_no_mail(cast, django_assert_num_queries) -> None:
    by = cast.ohio.actor("convener")
    letters = [write(cast.ohio, number) for number in range(12)]
    for level, space, scope in (("installation", 0, 0), ("space", by.space_id, 0), ("partnership", by.space_id, 5)):
        suppression.suppress(
            letters[len(level) % 12].to_address, level=suppression.Level(level), cause=suppression.Cause.ASKED,
            by="link:1", space_id=space, partnership_id=scope,
        )  # fmt: skip
    with django_assert_num_queries(1):
        found = actions.review(letters, by=by)
    slow = [suppression.holds_back(letter.to_address, space_id=by.space_id) for letter in letters]
    assert [letter for letter, held in zip(letters, slow, strict=True) if not held] == list(found.letters)
    assert found.count == 10


# --- the folder, the check, the cost ----------------------------------------------------------------------------------


def test_the_person_at_this_machine_reads_a_code_in_the_mail_folder_and_nobody_else(cast, operator) -> None:
    write(cast.ohio, body="Your code is 314159: http://127.0.0.1:8000/l/abcdefghijklmnopqrstuv <b>x</b>", hold=NOW)
    Worker(may_send).once()
    said = operator.get(reverse("mail-folder")).content.decode()
    assert "314159" in said and 'href="http://127.0.0.1:8000/l/abcdefghijklmnopqrstuv"' in said and "<b>x" not in said
    assert cast.client("admin").get(reverse("mail-folder")).status_code == 404


RECORDS = {
    "good.org": ["v=spf1 include:mail.good.org -all"],
    "s1._domainkey.good.org": ["v=DKIM1; k=rsa; p=MIIB"],
    "_dmarc.good.org": ["v=DMARC1; p=none"],
    "weak.org": ["v=spf1 +all"],
}


@pytest.mark.parametrize(
    ("domain", "states"), [("good.org", ["good"] * 3), ("weak.org", ["weak", "missing", "missing"])]
)
def test_the_check_reads_the_entries_of_our_domain(settings, monkeypatch, domain, states) -> None:
    settings.MAIL_FROM = f"table@{domain}"
    monkeypatch.setattr(deliverability, "_texts", lambda name: RECORDS.get(name, []))
    assert [check.state for check in deliverability.report().checks] == states


def test_the_check_says_that_it_could_not_look_when_no_name_server_answers(cast, settings, monkeypatch) -> None:
    import dns.resolver

    def nowhere(self, *args, **kwargs):
        raise dns.resolver.LifetimeTimeout(timeout=1, errors=[])

    monkeypatch.setattr(dns.resolver.Resolver, "resolve", nowhere)
    settings.MAIL_FROM = "table@board.org"
    assert words(page(cast.client("convener"), "letters-check")).count("we could not look") == 3


def test_the_outbox_costs_as_many_queries_for_fifty_letters_as_for_one(cast, django_assert_num_queries) -> None:
    from sharedtable.accounts.letter_queries import outbox

    by = cast.ohio.actor("convener")
    write(cast.ohio, 1)
    with django_assert_num_queries(4):
        outbox(by, "waiting", "1")
    for number in range(2, 61):
        write(cast.ohio, number, batch="b")
    with django_assert_num_queries(4):
        assert len(outbox(by, "waiting", "1").rows) == 50
