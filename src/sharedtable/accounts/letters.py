"""What people do with letters: queue, cancel, send again, take along as drafts; and ask to get none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts import acts
from sharedtable.accounts.actors import Actor, actor_of_link
from sharedtable.accounts.letter_queries import STOP, asked_of, letter_of, recipient, written_to
from sharedtable.accounts.links import address_of, make_link, open_link
from sharedtable.errors import Missing, Refused
from sharedtable.ledger import bounces, message, suppression
from sharedtable.ledger.actions import HOLD, Draft, queue, record
from sharedtable.ledger.bilingual import in_each
from sharedtable.ledger.models import Letter, Suppression
from sharedtable.method.presets import preset

CHANGE = "letters.change"
STOP_FOR = timedelta(days=730)
_State = Letter.State


# --- out --------------------------------------------------------------------------------------------------------------


def send_letter(*, by: Actor, draft: Draft, batch: str = "", hold: timedelta = HOLD) -> Letter:
    """Queue a letter that is no answer, with the way to get no more of them in its text and in its header.

    The caller has checked that the actor may write to this person; `draft.verb` is asked for again when it leaves.
    """
    if draft.verb:
        by.must(draft.verb)
    with transaction.atomic():
        known = Letter.objects.filter(space_id=by.space_id, key=draft.key).first()
        if known is not None:
            return known
        if not draft.is_transactional and draft.person_id:
            draft = _with_a_way_out(by, draft)
        return queue(draft, by=by.ref, space_id=by.space_id, batch=batch, hold=hold)


def _with_a_way_out(by: Actor, draft: Draft) -> Draft:
    kind = "partnership" if draft.partnership_id else ""
    _link, token = make_link(
        by=by, purpose=STOP, person_id=draft.person_id or 0, kind=kind, object_id=draft.partnership_id, life=STOP_FOR
    )
    address = address_of(token)
    lines = in_each(
        draft.language, lambda: _("If you would rather get no such mail: %(address)s") % {"address": address}
    )
    way_out = "\n".join(lines)
    return replace(
        draft, body=f"{draft.body.rstrip()}\n\n-- \n{way_out}\n", stop_address=f"{settings.SITE_ADDRESS}/stop/{token}"
    )


@dataclass(frozen=True)
class Review:
    """How many letters, to whom, a sample, and who is left out and why: looked at before anything is queued.

    `must_confirm_twice`: so many that a second tick is asked for.
    """

    letters: tuple[Draft | Letter, ...]
    left_out: tuple[tuple[Draft | Letter, str], ...]

    @property
    def count(self) -> int:
        return len(self.letters)

    @property
    def names(self) -> list[str]:
        return [letter.to_name or letter.to_address for letter in self.letters]

    @property
    def sample(self) -> Draft | Letter | None:
        return self.letters[0] if self.letters else None

    @property
    def sample_body(self) -> str:
        return message.struck(self.letters[0].body) if self.letters else ""

    @property
    def must_confirm_twice(self) -> bool:
        return self.count >= int(preset("mail_confirm_twice").value)


def review(letters: Sequence[Draft | Letter], *, by: Actor) -> Review:
    """Sort what would be sent: bad and unwilling addresses are left out, and named."""
    going: list[Draft | Letter] = []
    left_out: list[tuple[Draft | Letter, str]] = []
    held_back = suppression.held_back(letters, space_id=by.space_id)
    for letter, is_held_back in zip(letters, held_back, strict=True):
        try:
            message.checked(letter.to_address)
        except message.NotAnAddress:
            left_out.append((letter, _("This is not a mail address.")))
            continue
        if is_held_back:
            left_out.append((letter, _("This person gets no such mail, or mail there came back.")))
        else:
            going.append(letter)
    return Review(tuple(going), tuple(left_out))


# --- what becomes of a letter -----------------------------------------------------------------------------------------


def cancel(*, by: Actor, letter: int) -> Letter:
    """Call back a letter that still waits."""
    found = letter_of(by, letter, verb=CHANGE)
    _move(by, [found], (_State.HELD, _State.STOPPED), "letter.cancel", state=_State.CANCELLED, failure="")
    return found


def cancel_batch(*, by: Actor, batch: str) -> int:
    """Call back all letters of one sending that still wait; gives how many."""
    by.must(CHANGE)
    waiting = [
        letter
        for letter in Letter.objects.filter(space_id=by.space_id, batch=batch, state=_State.HELD).exclude(batch="")
        if by.may(CHANGE, letter)
    ]
    if not waiting:
        raise Missing(_("No letter of this sending waits any more. There is nothing to call back."))
    with transaction.atomic():
        ids = [letter.pk for letter in waiting]
        count = Letter.objects.filter(pk__in=ids, state=_State.HELD).update(state=_State.CANCELLED)
        details = {"letters": count}
        record(by=by.ref, verb="letter.cancel", kind="letters", space_id=by.space_id, details=details)
    return count


def send_again(*, by: Actor, letter: int) -> Letter:
    """Queue a letter anew that failed, was stopped, or of which nobody knows; it is held like a new one."""
    found = letter_of(by, letter, verb=CHANGE)
    if not found.body:
        raise Refused(_("The text of this letter is no longer kept. Write it anew."))
    _move(
        by,
        [found],
        (_State.FAILED, _State.UNCLEAR, _State.STOPPED, _State.SUPPRESSED),
        "letter.again",
        state=_State.HELD,
        hold_until=timezone.now() + HOLD,
        released_by=by.ref,
        attempts=0,
        next_try_at=None,
        claim="",
        failure="",
    )
    return found


def mark_arrived(*, by: Actor, letter: int) -> Letter:
    """Say that a letter of which nobody knew did arrive."""
    found = letter_of(by, letter, verb=CHANGE)
    changes = {"state": _State.SENT, "sent_at": found.claimed_at, "failure": "", "body": message.struck(found.body)}
    _move(by, [found], (_State.UNCLEAR,), "letter.arrived", **changes)
    return found


def _move(by: Actor, letters: Iterable[Letter], states: tuple[str, ...], verb: str, **changes: object) -> None:
    """Change letters that are in one of these states, all or none, with an entry for each."""
    with transaction.atomic():
        for letter in letters:
            mine = Letter.objects.filter(pk=letter.pk, space_id=by.space_id, state__in=states)
            if not mine.update(**changes):
                raise Refused(
                    _("The letter to %(name)s has gone on in the meantime. Look at it again.")
                    % {"name": letter.to_name or letter.to_address}
                )
            record(by=by.ref, verb=verb, kind="letter", object_id=letter.pk, space_id=by.space_id)


def take_as_drafts(*, by: Actor, letters: Iterable[int]) -> list[Letter]:
    """Take waiting letters out of the outbox, to be sent from one's own mailbox; also those taken before."""
    found = [letter_of(by, number, verb=CHANGE) for number in dict.fromkeys(letters)]
    if not found:
        raise Refused(_("Choose at least one letter that waits."))
    going = {letter.pk for letter in review(found, by=by).letters if isinstance(letter, Letter)}
    chosen = [letter for letter in found if letter.pk in going]
    if not chosen:
        raise Refused(_("None of these letters can be sent: see why beside each of them."))
    _move(
        by,
        [letter for letter in chosen if letter.state != _State.DRAFTED],
        (_State.HELD, _State.STOPPED),
        "letter.draft",
        state=_State.DRAFTED,
        failure="",
    )
    return chosen


def take_in_bounce(*, by: Actor, content: bytes) -> Letter:
    """Take in a mail that came back, about a letter of this space."""
    _must_everywhere(by)
    return bounces.take_in(content, by=by.ref, space_id=by.space_id)


# --- no more mail -----------------------------------------------------------------------------------------------------


def stop_mail(*, by: Actor, level: str = "") -> int:
    """The holder of a link asks for no more mail: of this partnership, of this team, or of this whole place.

    Without a level: the narrowest that the link is about, which is what one click in a mail program means (RFC 8058).
    It holds for every address at which we wrote to them. Asked twice is asked once. Gives how many addresses are new.
    """
    wanted, partnership = _level(by, level)
    addresses = written_to(by)
    if not addresses:
        raise Missing(_("We have never written to you from here, so there is nothing to stop."))
    with transaction.atomic():
        before = set(asked_of(by).values_list("pk", flat=True))
        made = [
            suppression.suppress(
                address,
                level=wanted,
                cause=suppression.Cause.ASKED,
                by=by.ref,
                space_id=by.space_id,
                partnership_id=partnership,
            )
            for address in addresses
        ]
        new = [one for one in made if one.pk not in before and one.by == by.ref]
        if new:
            acts.confirm(
                by=by,
                key="mail.stop",
                kind="suppression",
                object_id=new[0].pk,
                sentence=lambda: _("You asked us to send you no more of these mails. We will not."),
                to=recipient(by),
            )
    return len(new)


def _level(by: Actor, level: str) -> tuple[Suppression.Level, int]:
    if by.purpose != STOP:
        raise Missing(_("That is not here, or not for you."))
    is_about_one = by.object_kind == "partnership"
    if level == Suppression.Level.INSTALLATION:
        return Suppression.Level.INSTALLATION, 0
    if is_about_one and level in ("", Suppression.Level.PARTNERSHIP):
        return Suppression.Level.PARTNERSHIP, by.object_id
    return Suppression.Level.SPACE, 0


def holder_of(token: str) -> Actor:
    """Whose link this is. Fails with Missing when it does not work any more, or is for something else."""
    by = actor_of_link(open_link(token))
    if by.purpose != STOP:
        raise Missing(_("This link does not work any more. Ask the person who sent it for a new one."))
    return by


def write_again(*, by: Actor) -> int:
    """The holder of a link takes back all that they asked for; gives how much was lifted. Bounces stay."""
    with transaction.atomic():
        return sum(suppression.lift(one, by=by.ref, space_id=by.space_id) for one in asked_of(by))


def undo_stop(number: int, by: Actor) -> None:
    """Take back one request to get no mail, from the mail that confirmed it."""
    act = acts.act_to_undo(by)
    if act.object_id != number or act.key != "mail.stop":
        raise Missing(_("That was undone already. There is nothing left to do."))
    with transaction.atomic():
        for one in Suppression.objects.filter(by=f"link:{act.link_id}", lifted_at=None):
            suppression.lift(one, by=by.ref, space_id=by.space_id)
        acts.mark_undone(act, by=by)


def leave_alone(*, by: Actor, address: str, reason: str) -> Suppression:
    """A convener stops all mail of the team to an address, with the reason."""
    _must_everywhere(by)
    return suppression.suppress(
        _an_address(address),
        level=Suppression.Level.SPACE,
        cause=suppression.Cause.CONVENER,
        by=by.ref,
        space_id=by.space_id,
        reason=_a_reason(reason),
    )


def lift(*, by: Actor, address: str, reason: str) -> int:
    """A convener lets mail of the team go to an address again, with the reason; gives how much was lifted.

    What a person asked of the whole place, only that person takes back.
    """
    _must_everywhere(by)
    why = _a_reason(reason)
    found = suppression.live(_an_address(address), space_id=by.space_id)
    theirs = Suppression.objects.filter(level=Suppression.Level.PARTNERSHIP, space_id=by.space_id, lifted_at=None)
    ours = [
        *found.exclude(level=Suppression.Level.INSTALLATION, cause=suppression.Cause.ASKED),
        *theirs.filter(address_hash=suppression.address_hash(address)),
    ]
    if not ours:
        raise Refused(_("Nothing that you can lift holds mail to this address back."))
    with transaction.atomic():
        return sum(suppression.lift(one, by=by.ref, space_id=by.space_id, reason=why) for one in ours)


def _must_everywhere(by: Actor) -> None:
    if not by.may_everywhere(CHANGE):
        raise Missing(_("That is not here, or not for you."))


def _an_address(address: str) -> str:
    try:
        return message.checked(address.strip())
    except message.NotAnAddress:
        raise Refused(_("“%(text)s” is not a mail address.") % {"text": address[:80]}) from None


def _a_reason(reason: str) -> str:
    text = " ".join(reason.split())
    if len(text) < 5:
        raise Refused(_("Write down the reason, in a few words: others will want to know."))
    return text[:300]
