"""Each letter leaves once, after its hold, within the limits, through a real mail server; what fails is said."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from sharedtable.ledger import bounces, limits, mail_folder, reasons, smtp, suppression, upkeep, worker
from sharedtable.ledger.actions import Draft, queue
from sharedtable.ledger.models import Entry, Lease, Letter, Suppression
from sharedtable.ledger.worker import Worker
from tests.ledger.mail_server import Taker, certificate, running, scripted, sign_in, up_to

ALL = Worker(lambda letter: True)
NOW = timedelta(0)


@pytest.fixture(autouse=True)
def _folders(settings, tmp_path: Path) -> None:
    settings.DATA, settings.BACKUPS = tmp_path, tmp_path / "backups"
    settings.MAIL_HOST = settings.MAIL_USER = settings.MAIL_FROM = ""


def letter(number: int = 1, **more: Any) -> Letter:
    hold = more.pop("hold", NOW)
    space = more.pop("space_id", 1)
    fields = {
        "kind": "invite", "key": f"invite:{number}", "to_name": "Casey Chair",
        "to_address": f"casey{number}@example.org",
        "subject": "The launch – 8:30", "body": "Dear Casey,\n.\nCome: http://127.0.0.1:8000/l/abcdefghijklmnopqrstuv\n",
        "from_name": "Cora Convener", "reply_to": "cora@board.example",
    }  # fmt: skip
    return queue(Draft(**{**fields, **more}), by="user:3", space_id=space, hold=hold)


def state(one: Letter) -> str:
    one.refresh_from_db()
    return one.state


# --- it leaves --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_letter_leaves_when_its_hold_is_over_and_carries_what_mail_services_ask_for(settings) -> None:
    taker = Taker()
    stop = "https://table.example.org/stop/abcdefghijklmnopqrstuv"
    with running(taker, settings):
        held = letter(1, hold=timedelta(minutes=10), stop_address=stop)
        assert ALL.once() == 0 and state(held) == "held"
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=11)):
            assert ALL.once() == 1
    assert state(held) == "sent" and held.way == "smtp"
    ((recipients, mail),) = taker.mails
    assert recipients == ["casey1@example.org"]
    assert mail["From"] == "Cora Convener <table@example.org>"
    assert mail["Reply-To"] == "Cora Convener <cora@board.example>"
    assert mail["To"] == "Casey Chair <casey1@example.org>"
    assert mail["Subject"] == "The launch – 8:30"
    assert mail["Message-ID"] == held.message_id and mail["Message-ID"].endswith("@example.org>")
    assert mail["List-Unsubscribe"] == f"<{stop}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Date"] and mail.get_content_type() == "text/plain" and mail.get_content_charset() == "utf-8"
    assert (
        mail.get_content().replace("\r\n", "\n")
        == "Dear Casey,\n.\nCome: http://127.0.0.1:8000/l/abcdefghijklmnopqrstuv\n"
    )
    assert [entry.verb for entry in Entry.objects.filter(space_id=1)] == ["letter.queue", "letter.send"]


@pytest.mark.django_db
def test_after_it_left_nobody_reads_a_link_or_a_code_in_the_table(settings) -> None:
    with running(Taker(), settings):
        open_one = letter(1, stop_address="https://x.example/stop/abcdefghijklmnopqrstuv")
        code = letter(2, body="Your code is 314159", is_transactional=True, is_secret=True)
        ALL.once()
    assert (state(open_one), state(code)) == ("sent", "sent")
    assert "/l/…" in open_one.body and "abcdefghijklmnop" not in open_one.body + open_one.stop_address
    assert code.body == ""


@pytest.mark.django_db
def test_an_answer_carries_no_way_out_and_says_that_a_machine_wrote_it(settings) -> None:
    taker = Taker()
    with running(taker, settings):
        letter(1, is_transactional=True, stop_address="https://x.example/stop/abcdefghijklmnopqrstuv")
        ALL.once()
    mail = taker.mails[0][1]
    assert mail["List-Unsubscribe"] is None and mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ['"A" <b@c>, D', "Ño\u202eña", "=?utf-8?q?x?=", "a" * 160, "\x00\x01", "é" * 160])
def test_a_name_never_adds_a_recipient_or_a_header(settings, name) -> None:
    taker = Taker()
    with running(taker, settings):
        one = letter(1, to_name=name, from_name=name, subject=name + "\r\nBcc: all@example.org")
        ALL.once()
    assert state(one) in ("sent", "failed")
    for recipients, mail in taker.mails:
        assert recipients == ["casey1@example.org"] and mail["Bcc"] is None
        assert [a.addr_spec for a in mail["To"].addresses] == ["casey1@example.org"]


@pytest.mark.django_db
def test_mail_goes_over_tls_with_a_password_and_never_without(settings, tmp_path, monkeypatch) -> None:
    import ssl

    context, cert = certificate(tmp_path)
    taker = Taker()
    known = sign_in(b"table", b"right")
    with running(taker, settings, authenticator=known, auth_required=True, tls_context=context, require_starttls=True):
        settings.MAIL_TLS, settings.MAIL_USER, settings.MAIL_PASSWORD = "starttls", "table", "right"
        one = letter(1)
        ALL.once()
        assert state(one) == "held" and one.failure.startswith("tls")  # nobody vouches for that certificate
        monkeypatch.setattr(smtp, "_context", lambda: ssl.create_default_context(cafile=str(cert)))
        settings.MAIL_PASSWORD = "wrong"
        Letter.objects.update(next_try_at=None)
        ALL.once()
        assert state(one) == "held" and one.failure == "sign-in|535"
        settings.MAIL_PASSWORD = "right"
        Letter.objects.update(next_try_at=None)
        ALL.once()
    assert state(one) == "sent" and len(taker.mails) == 1
    with running(taker, settings):  # a server that offers no TLS
        settings.MAIL_TLS, settings.MAIL_USER = "starttls", ""
        two = letter(2)
        ALL.once()
    assert state(two) == "held" and two.failure.startswith("tls") and len(taker.mails) == 1


@pytest.mark.django_db
def test_implicit_tls_works_and_a_plain_server_behind_it_gets_nothing(settings, tmp_path, monkeypatch) -> None:
    import ssl

    context, cert = certificate(tmp_path)
    monkeypatch.setattr(smtp, "_context", lambda: ssl.create_default_context(cafile=str(cert)))
    taker = Taker()
    with running(taker, settings, ssl_context=context):
        settings.MAIL_TLS = "implicit"
        one = letter(1)
        ALL.once()
    assert state(one) == "sent"
    with running(taker, settings):
        settings.MAIL_TLS = "implicit"
        two = letter(2)
        ALL.once()
    assert state(two) == "held" and len(taker.mails) == 1


# --- it does not leave ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_refusal_for_now_is_tried_again_later_and_later_and_given_up_after_two_days(settings) -> None:
    taker = Taker()
    taker.on_rcpt = lambda address: "451 4.7.1 greylisted"
    with running(taker, settings):
        one = letter(1)
        waits = []
        with time_machine.travel(timezone.now(), tick=False) as clock:
            for _round in range(40):
                ALL.once()
                if state(one) != "held":
                    break
                waits.append(one.next_try_at - timezone.now())
                clock.move_to(one.next_try_at)
    assert state(one) == "failed" and "two days" in reasons.sentence(one.failure)
    assert waits[:5] == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)] and waits[-1] == waits[4]
    assert not Suppression.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("said", "code", "stops"),
    [
        ("550 5.1.1 no such user", "unknown", True),
        ("550 not here", "unknown", True),
        ("553 5.1.3 bad address", "unknown", True),
        ("550 5.7.1 we do not like you", "policy", False),
        ("552 5.2.2 mailbox full", "full", False),
    ],
)
def test_a_refusal_for_good_is_said_in_words_and_a_missing_mailbox_gets_no_more_mail(
    settings, said, code, stops
) -> None:
    taker = Taker()
    taker.on_rcpt = lambda address: said
    with running(taker, settings):
        one = letter(1)
        ALL.once()
        assert state(one) == "failed" and one.failure == f"{code}|{said}"
        assert "It said" in reasons.sentence(one.failure)
        taker.on_rcpt = lambda address: "250 ok"
        again = letter(2, to_address="CASEY1@Example.org", is_transactional=True)
        ALL.once()
    assert state(again) == ("suppressed" if stops else "sent")
    assert Suppression.objects.filter(level="installation", cause="bounced").count() == stops


@pytest.mark.django_db
def test_a_letter_that_is_refused_after_it_was_read_fails_without_blame_on_the_mailbox(settings) -> None:
    taker = Taker()
    taker.on_data = lambda: "554 5.7.0 looks like spam"
    with running(taker, settings):
        one = letter(1)
        ALL.once()
    assert state(one) == "failed" and one.failure.startswith("policy") and not Suppression.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("last", [b"EHLO", b"MAIL", b"RCPT", b"DATA"])
def test_a_connection_that_breaks_before_the_letter_was_through_is_tried_again(settings, last) -> None:
    with scripted(settings, lambda line, reader: up_to(line, reader, last)):
        one = letter(1)
        ALL.once()
    assert state(one) == "held" and one.next_try_at > timezone.now()


@pytest.mark.django_db
def test_a_connection_that_breaks_after_the_whole_letter_is_never_tried_again_by_itself(settings) -> None:
    with scripted(settings, lambda line, reader: up_to(line, reader, b".")) as seen:
        one = letter(1)
        ALL.once(), ALL.once()
    assert state(one) == "unclear" and len(seen) == 1
    assert [entry.verb for entry in Entry.objects.filter(space_id=1)] == ["letter.queue", "letter.lose"]


@pytest.mark.django_db
def test_a_server_that_never_answers_costs_one_time_out_and_not_one_for_each_letter(settings) -> None:
    with scripted(settings, lambda line, reader: threading.Event().wait(3)) as seen:
        first, second = letter(1), letter(2)
        assert ALL.once() == 1
    assert (state(first), state(second)) == ("held", "held") and len(seen) == 1
    assert first.failure.startswith("unreachable")


@pytest.mark.django_db
def test_a_thing_that_is_no_address_fails_at_once(settings) -> None:
    with running(Taker(), settings):
        one = letter(1, to_address="casey at example")
        ALL.once()
    assert state(one) == "failed" and one.failure.startswith("address")


# --- who gets none, how many, and whether they still may --------------------------------------------------------------


@pytest.mark.django_db
def test_whoever_asked_for_no_mail_gets_none_but_answers_at_the_level_that_they_said(settings) -> None:
    with running(Taker(), settings):
        suppression.suppress(
            " Casey1@EXAMPLE.org ", level=suppression.Level.PARTNERSHIP, cause=suppression.Cause.ASKED, by="link:1",
            space_id=1, partnership_id=5,
        )  # fmt: skip
        letters = [
            letter(10, to_address="casey1@example.org", partnership_id=5),
            letter(11, to_address="casey1@example.org", partnership_id=6),
            letter(12, to_address="casey1@example.org", partnership_id=5, is_transactional=True),
            letter(13, to_address="casey1@example.org", partnership_id=5, space_id=2),
        ]
        ALL.once()
        assert [state(one) for one in letters] == ["suppressed", "sent", "sent", "sent"]
        suppression.suppress(
            "casey1@example.org", level=suppression.Level.SPACE, cause=suppression.Cause.ASKED, by="link:1", space_id=1
        )
        more = [letter(14, to_address="casey1@example.org"), letter(15, to_address="casey1@example.org", space_id=2)]
        ALL.once()
        assert [state(one) for one in more] == ["suppressed", "sent"]


@pytest.mark.django_db
def test_the_table_of_those_who_want_no_mail_names_nobody_and_rests_on_a_key_of_its_own(settings) -> None:
    made = suppression.suppress(
        "casey@example.org", level=suppression.Level.SPACE, cause=suppression.Cause.ASKED, by="link:1", space_id=1
    )
    again = suppression.suppress(
        "CASEY@example.org.", level=suppression.Level.SPACE, cause=suppression.Cause.ASKED, by="link:1", space_id=1
    )
    assert again.pk == made.pk and "casey" not in str(made.__dict__)
    settings.SECRET_KEY = "another" * 10
    assert suppression.holds_back("casey@example.org", space_id=1)
    settings.SUPPRESSION_KEY = "another" * 10
    assert not suppression.holds_back("casey@example.org", space_id=1)


@pytest.mark.django_db
def test_nobody_gets_more_than_three_letters_a_day_and_no_team_sends_more_than_200(settings) -> None:
    from sharedtable.method.presets import preset

    most = int(preset("mail_person_day").value)
    with running(Taker(), settings), time_machine.travel(timezone.now(), tick=False) as clock:
        same = [letter(number, to_address="casey@example.org") for number in range(most + 1)]
        answer = letter(50, to_address="casey@example.org", is_transactional=True)
        ALL.once()
        assert [state(one) for one in same] == ["sent"] * most + ["held"] and state(answer) == "sent"
        assert same[-1].failure == "person-limit"
        clock.shift(timedelta(hours=23, minutes=59))
        ALL.once()
        assert state(same[-1]) == "held"
        clock.shift(timedelta(minutes=2))
        ALL.once()
        assert state(same[-1]) == "sent"


@pytest.mark.django_db
def test_the_limit_of_a_team_counts_its_own_letters_alone() -> None:
    from sharedtable.method.presets import preset

    most = int(preset("mail_space_day").value)
    made = [letter(number) for number in range(most)]
    Letter.objects.update(state="sent", sent_at=timezone.now())
    assert len(made) == most
    assert limits.reached(letter(9_000)).code == "space-limit"
    assert limits.reached(letter(9_001, space_id=2)) is None
    assert limits.reached(letter(9_002, is_transactional=True)) is None


@pytest.mark.django_db
def test_a_letter_whose_maker_lost_the_right_is_held_back_and_listed(settings) -> None:
    taker = Taker()
    with running(taker, settings):
        one = letter(1)
        Worker(lambda letter: False).once()
    assert state(one) == "stopped" and "may not send" in reasons.sentence(one.failure) and not taker.mails


# --- once, whatever happens -------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_once_send_each_letter_once(settings) -> None:
    taker = Taker()
    with running(taker, settings):
        letters = [letter(number) for number in range(24)]
        failures: list[BaseException] = []

        def go(number: int) -> None:
            try:
                mine = Worker(lambda letter: True)
                for one in letters if number % 2 else reversed(letters):
                    mine.work_on(one.pk)  # past the lease: as if both believed that it is theirs
            except BaseException as error:
                failures.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=go, args=(number,)) for number in range(4)]
        [thread.start() for thread in threads]
        [thread.join() for thread in threads]
    assert failures == []
    assert sorted(to[0] for to, _mail in taker.mails) == sorted(one.to_address for one in letters)
    assert Letter.objects.filter(state="sent", attempts=1).count() == 24


@pytest.mark.django_db
def test_only_one_loop_acts_and_another_takes_over_when_it_is_gone() -> None:
    first, second = Worker(lambda letter: True), Worker(lambda letter: True)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert worker.take(first.name) and not worker.take(second.name)
        clock.shift(timedelta(seconds=60))
        assert worker.take(first.name)  # it lives, and says so
        clock.shift(timedelta(seconds=60))
        assert not worker.take(second.name)
        clock.shift(timedelta(seconds=60))
        assert worker.take(second.name) and not worker.take(first.name)
    worker.give_back(second.name)
    assert worker.take(first.name)
    assert Lease.objects.count() == 1


@pytest.mark.django_db
def test_an_idle_round_writes_nothing(django_assert_num_queries) -> None:
    ALL.once()
    with django_assert_num_queries(4) as asked:
        ALL.once()
    assert all(query["sql"].startswith("SELECT") for query in asked.captured_queries)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_while_it_sends_loses_the_mark_and_never_sends_twice(settings, tmp_path) -> None:
    def takes_and_says_nothing(line: Any, reader: Any) -> None:
        up_to(line, reader, b".")
        reading.set()
        threading.Event().wait(20)

    reading = threading.Event()
    with scripted(settings, takes_and_says_nothing) as seen:
        one = letter(1)
        code = (
            "import django; django.setup(); from django.conf import settings as s\n"
            f"s.DATABASES['default']['NAME'] = {str(connection.settings_dict['NAME'])!r}\n"
            "s.MAIL_FROM = 'table@example.org'\n"
            f"s.MAIL_HOST, s.MAIL_PORT, s.MAIL_TLS = '127.0.0.1', {settings.MAIL_PORT!r}, 'none'\n"
            "from sharedtable.ledger.worker import Worker\n"
            "Worker(lambda letter: True).once()\n"
        )
        environment = {**os.environ, "SHAREDTABLE_DATA": str(tmp_path)}
        process = subprocess.Popen([sys.executable, "-c", code], env=environment)
        assert reading.wait(30)
        process.kill()
        process.wait()
        assert state(one) == "sending"
        with time_machine.travel(timezone.now() + timedelta(minutes=11)):
            ALL.once(), ALL.once()
    assert state(one) == "unclear" and len(seen) == 1
    assert "may or may not" in reasons.sentence(one.failure)


@pytest.mark.django_db
def test_a_letter_that_is_cancelled_while_it_is_looked_at_does_not_leave(settings) -> None:
    taker = Taker()
    with running(taker, settings):
        one = letter(1)

        def cancels(found: Letter) -> bool:
            Letter.objects.filter(pk=found.pk).update(state="cancelled")
            return True

        Worker(cancels).once()
    assert state(one) == "cancelled" and not taker.mails


@pytest.mark.django_db
def test_a_break_in_the_last_write_leaves_the_letter_claimed_and_not_sent_again(settings, monkeypatch) -> None:
    taker = Taker()
    with running(taker, settings):
        one = letter(1)
        with monkeypatch.context() as patch:
            patch.setattr(worker, "record", lambda **fields: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                ALL.once()
        assert state(one) == "sending" and len(taker.mails) == 1
        ALL.once()
    assert len(taker.mails) == 1


# --- without a mail server --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_without_a_mail_server_a_letter_lands_in_the_folder_whole_and_private(tmp_path) -> None:
    one = letter(1)
    ALL.once()
    (file,) = (tmp_path / "mail").iterdir()
    assert state(one) == "sent" and one.way == "folder"
    assert file.suffix == ".eml" and file.stat().st_mode & 0o077 == 0
    (kept,) = mail_folder.newest()
    assert kept.to == "Casey Chair <casey1@example.org>" and "/l/abcdefghijklmnopqrstuv" in kept.body


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_keeps_the_letter_waiting(tmp_path) -> None:
    (tmp_path / "mail").write_text("a file where the folder should be")
    one = letter(1)
    ALL.once()
    assert state(one) == "held" and one.failure.startswith("folder")


# --- once a day, and mail that comes back -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_once_a_day_the_heads_are_kept_and_old_texts_forgotten(settings, tmp_path) -> None:
    old, young, waiting = letter(1), letter(2), letter(3)
    Letter.objects.filter(pk=old.pk).update(state="failed", made_at=timezone.now() - timedelta(days=31))
    Letter.objects.filter(pk=young.pk).update(state="failed")
    Letter.objects.filter(pk=waiting.pk).update(
        made_at=timezone.now() - timedelta(days=31), hold_until=timezone.now() + timedelta(1)
    )
    ALL.once(), ALL.once()
    for one in (old, young, waiting):
        one.refresh_from_db()
    assert (old.body, bool(young.body), bool(waiting.body)) == ("", True, True)
    assert len((tmp_path / "backups" / "ledger-heads.jsonl").read_text().splitlines()) == 1
    assert not upkeep.daily(worker.LEASE)


@pytest.mark.django_db
def test_what_other_rooms_want_done_daily_is_done_once_and_a_failure_stops_nothing(settings, tmp_path) -> None:
    done: list[int] = []
    acting = worker.Worker(lambda _: True, (lambda: 1 / 0, lambda: done.append(1)))
    waiting = letter(1)
    assert acting.once() == 1 and acting.once() == 0
    waiting.refresh_from_db()
    assert (done, waiting.state) == ([1], "sent")


def returned(message_id: str, address: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    return (
        "From: mailer-daemon@mx.example\r\nTo: table@example.org\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n--B\r\n\r\nSorry.\r\n--B\r\n"
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n\r\n--B\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"From: table@example.org\r\nMessage-ID: {message_id}\r\nSubject: The launch\r\n\r\n--B--\r\n"
    ).encode()


@pytest.mark.django_db
def test_a_mail_that_came_back_is_listed_and_stops_mail_to_that_address() -> None:
    one = letter(1)
    ALL.once(), one.refresh_from_db()
    found = bounces.take_in(returned(one.message_id, "Casey1@Example.org"), by="user:3", space_id=1)
    assert found.pk == one.pk and state(one) == "failed" and one.failure.startswith("came-back|5.1.1")
    assert suppression.holds_back("casey1@example.org", space_id=9, is_transactional=True)
    bounces.take_in(returned(one.message_id, "casey1@example.org"), by="user:3", space_id=1)
    assert Suppression.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content",
    [
        lambda one: returned("<made-up@example.org>", one.to_address),
        lambda one: returned(one.message_id, "somebody.else@example.org"),
        lambda one: returned(one.message_id, one.to_address, "delayed", "4.4.1"),
        lambda one: b"From: a@b.example\r\n\r\nI am on holiday.\r\n",
        lambda one: b"\xff\xfe\x00" * 500,
        lambda one: b"x" * 2_000_001,
    ],
)
def test_a_forged_late_or_other_mail_stops_nothing(content) -> None:
    from sharedtable.errors import Refused

    one = letter(1)
    ALL.once(), one.refresh_from_db()
    with pytest.raises(Refused):
        bounces.take_in(content(one), by="user:3", space_id=1)
    with pytest.raises(Refused):  # of another space
        bounces.take_in(returned(one.message_id, one.to_address), by="user:3", space_id=2)
    assert state(one) == "sent" and not Suppression.objects.exists()


def test_the_time_out_of_the_settings_is_what_the_line_gets(settings) -> None:
    settings.MAIL_HOST, settings.MAIL_PORT, settings.MAIL_TLS = "mail.example.org", "", "starttls"
    found = smtp.server()
    assert found is not None and (found.port, found.timeout) == (587, 10)
