"""The one loop that sends letters: whose hold is over, once each, within the limits, while their maker still may.

Several processes may run it; a lease lets one act at a time. Should two act all the same (a clock jumped), the claim of
each letter, one compare-and-set in the database, still lets only one of them send it. A letter is claimed before it is
handed over and marked afterwards, so a crash in between loses the mark and never sends twice: it is listed as unclear.
"""

from __future__ import annotations

import logging
import os
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError, close_old_connections, transaction
from django.db.models import F
from django.utils import timezone

from sharedtable.errors import Refused
from sharedtable.ledger import limits, mail_folder, message, reasons, smtp, suppression, upkeep
from sharedtable.ledger.actions import due, record
from sharedtable.ledger.models import Lease, Letter
from sharedtable.ledger.smtp import Outcome

LEASE = "letters"
LEASE_FOR = timedelta(seconds=90)
UNCLEAR_AFTER = timedelta(minutes=10)
GIVE_UP_AFTER = timedelta(days=2)
PAUSE_SECONDS = 2.0
_WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
_log = logging.getLogger("sharedtable.worker")
_State = Letter.State
_VERBS = {"sent": "letter.send", "unclear": "letter.lose"}

Rights = Callable[[Letter], bool]


@dataclass
class Worker:
    """A loop with a name of its own. `may_send`: whether the maker of a letter still may, asked as it is sent.

    `chores`: what rooms above want done once a day; what goes wrong in one is logged and tried again the next day.
    """

    may_send: Rights
    chores: tuple[Callable[[], object], ...] = ()
    name: str = field(default_factory=lambda: f"{os.uname().nodename[:20]}:{os.getpid()}:{secrets.token_hex(6)}")

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; the letter in hand is finished first."""
        while not stop.is_set():
            pause = PAUSE_SECONDS
            try:
                self.once(stop)
            except DatabaseError as error:
                _log.error("the database does not answer: %s", error)
                pause = 10.0
            except Exception:
                # A letter that broke the loop stays claimed and is listed as unclear; all others must go on.
                _log.exception("a letter could not be worked on")
                pause = 10.0
            finally:
                close_old_connections()
            stop.wait(pause)
        with suppress(DatabaseError):  # then the lease ends by itself
            give_back(self.name)
        close_old_connections()

    def once(self, stop: threading.Event | None = None) -> int:
        """One round: what is due is sent. Gives how many letters were worked on; 0 while another process acts."""
        if not take(self.name):
            return 0
        sweep()
        if upkeep.daily(LEASE):
            for chore in self.chores:
                try:
                    chore()
                except Exception:
                    _log.exception("something that is done once a day went wrong")
        count = 0
        for number in due():
            if (stop is not None and stop.is_set()) or not take(self.name):
                break
            outcome = self.work_on(number)
            count += outcome is not None
            if outcome is not None and outcome.is_ours:
                break  # our own server is the trouble: the others would fare no better
        return count

    def work_on(self, number: int) -> Outcome | None:
        """Send one letter, or find out why not. Gives None when it was not sent out at all."""
        letter = Letter.objects.filter(pk=number).first()
        if letter is None or self._is_kept_back(letter):
            return None
        claimed = claim(number, self.name)
        if claimed is None:
            return None
        outcome = hand_over(claimed)
        settle(claimed, outcome)
        return outcome

    def _is_kept_back(self, letter: Letter) -> bool:
        if not self.may_send(letter):
            _close(letter, _State.STOPPED, reasons.coded("rights"), "letter.stop")
            return True
        found = suppression.live(
            letter.to_address, space_id=letter.space_id, partnership_id=letter.partnership_id
        ).values_list("cause", flat=True)
        causes = {cause for cause in found if cause == suppression.Cause.BOUNCED or not letter.is_transactional}
        if causes:
            code = "bounced" if causes == {suppression.Cause.BOUNCED} else "asked"
            _close(letter, _State.SUPPRESSED, reasons.coded(code), "letter.suppress")
            return True
        limit = limits.reached(letter)
        if limit is not None:
            waits = Letter.objects.filter(pk=letter.pk, state=_State.HELD)
            waits.update(next_try_at=limit.until, failure=reasons.coded(limit.code))
            return True
        return False


# --- the lease --------------------------------------------------------------------------------------------------------


def take(name: str) -> bool:
    """Take the lease, or make it last longer; False while somebody else holds it."""
    now = timezone.now()
    fresh = {"holder": name, "until": now + LEASE_FOR, "beat_at": now}
    known = Lease.objects.filter(name=LEASE).first()
    if known is None:
        _row, is_new = Lease.objects.get_or_create(name=LEASE, defaults=fresh)
        return is_new
    if known.holder == name and known.until > now + LEASE_FOR / 2:
        return True  # most rounds find nothing to do, and need not write either
    if known.holder != name and known.until > now:
        return False
    return bool(Lease.objects.filter(pk=known.pk, holder=known.holder, until=known.until).update(**fresh))


def give_back(name: str) -> None:
    """End the lease, so that the next process need not wait."""
    Lease.objects.filter(name=LEASE, holder=name).update(holder="", until=timezone.now())


# --- one letter -------------------------------------------------------------------------------------------------------


def claim(number: int, name: str) -> Letter | None:
    """Make a letter ours to send; None when it is no longer there to be sent (cancelled, claimed, sent)."""
    mark = f"{name[-12:]}:{secrets.token_hex(8)}"
    now = timezone.now()
    mine = Letter.objects.filter(pk=number, state=_State.HELD, hold_until__lte=now).update(
        state=_State.SENDING,
        claim=mark,
        claimed_at=now,
        next_try_at=None,
        attempts=F("attempts") + 1,
        message_id=message.new_message_id(),
    )
    return Letter.objects.get(pk=number, claim=mark) if mine else None


def hand_over(letter: Letter) -> Outcome:
    """Send a letter that is ours: to the mail server, or into the folder when there is none."""
    try:
        mail = message.build(letter)
        recipient = message.checked(letter.to_address)
        sender = message.own_address()
        server = smtp.server()
    except message.NotAnAddress as error:
        return Outcome("never", "address", str(error))
    except ValueError as error:
        _log.error("%s", error)
        return Outcome("never", "format")
    except Refused as refusal:
        return Outcome("later", "unreachable", str(refusal), is_ours=True)
    if server is None:
        return mail_folder.put(mail, f"{letter.claimed_at:%Y%m%d-%H%M%S}-{letter.pk}")
    return smtp.send(mail, sender, recipient, server)


def settle(letter: Letter, outcome: Outcome) -> None:
    """Write down what became of a letter, if it is still ours."""
    now = timezone.now()
    failure = reasons.coded(outcome.code, outcome.said) if outcome.code else ""
    if outcome.kind == "sent":
        body = "" if letter.is_secret else message.struck(letter.body)
        fields = {
            "state": _State.SENT,
            "sent_at": now,
            "failure": "",
            "body": body,
            "stop_address": "",
            "way": outcome.way,
        }
    elif outcome.kind == "later" and (letter.attempts <= len(_WAITS) or letter.hold_until + GIVE_UP_AFTER > now):
        wait = _WAITS[min(letter.attempts, len(_WAITS)) - 1]
        fields = {"state": _State.HELD, "next_try_at": now + wait, "failure": failure}
    elif outcome.kind == "later":
        fields = {"state": _State.FAILED, "failure": reasons.coded("gave-up", outcome.said)}
    else:
        fields = {"state": _State.UNCLEAR if outcome.kind == "unclear" else _State.FAILED, "failure": failure}
    with transaction.atomic():
        ours = Letter.objects.filter(pk=letter.pk, claim=letter.claim, state__in=(_State.SENDING, _State.UNCLEAR))
        if not ours.update(**fields):
            return
        if outcome.is_bounce:
            suppression.suppress(
                letter.to_address,
                level=suppression.Level.INSTALLATION,
                cause=suppression.Cause.BOUNCED,
                by="worker",
                space_id=letter.space_id,
                reason=outcome.said,
            )
        if fields["state"] != _State.HELD:
            _tell(letter, _VERBS.get(str(fields["state"]), "letter.fail"))


def sweep(now: datetime | None = None) -> int:
    """List as unclear what a process claimed and never settled: it stopped in the middle. Gives how many."""
    old = (now or timezone.now()) - UNCLEAR_AFTER
    count = 0
    for letter in Letter.objects.filter(state=_State.SENDING, claimed_at__lte=old):
        with transaction.atomic():
            same = Letter.objects.filter(pk=letter.pk, state=_State.SENDING, claim=letter.claim)
            if same.update(state=_State.UNCLEAR, failure=reasons.coded("unclear")):
                _tell(letter, "letter.lose")
                count += 1
    return count


def _close(letter: Letter, state: str, failure: str, verb: str) -> None:
    with transaction.atomic():
        if Letter.objects.filter(pk=letter.pk, state=_State.HELD).update(state=state, failure=failure):
            _tell(letter, verb)


def _tell(letter: Letter, verb: str) -> None:
    record(by="worker", verb=verb, kind="letter", object_id=letter.pk, space_id=letter.space_id)
