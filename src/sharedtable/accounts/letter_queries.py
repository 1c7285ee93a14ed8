"""What the pages of letters read: what waits, left or failed, one letter, and who asked for no mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.acts import Recipient
from sharedtable.accounts.permissions import CAN
from sharedtable.errors import Missing
from sharedtable.ledger import message, reasons, suppression
from sharedtable.ledger.models import Letter, Suppression

SEE, STOP = "letters.see", "stop_mail"
SHOWN = 50
_State = Letter.State

# The tabs of the page: which states each of them shows.
TABS: dict[str, tuple[str, ...]] = {
    "waiting": (_State.HELD, _State.SENDING),
    "sent": (_State.SENT, _State.DRAFTED),
    "failed": (_State.FAILED, _State.UNCLEAR, _State.STOPPED),
    "suppressed": (_State.SUPPRESSED,),
    "cancelled": (_State.CANCELLED,),
}


@dataclass(frozen=True)
class Row:
    """One letter as the list shows it."""

    letter: Letter
    why: str
    leaves_in: timedelta | None

    @property
    def minutes(self) -> int:
        """Full minutes until it leaves, at least one."""
        return max(1, round(self.leaves_in.total_seconds() / 60)) if self.leaves_in else 0


@dataclass(frozen=True)
class Outbox:
    """One tab: its letters, how many each tab has, and the sendings of which some letters still wait."""

    page: Page[Letter]
    rows: list[Row]
    counts: dict[str, int]
    batches: list[tuple[str, int]]
    unclear: int


def outbox(by: Actor, tab: str, page: str) -> Outbox:
    """The page of letters. Who may see only one partnership's sees only those."""
    by.must(SEE)
    mine = letters_of(by)
    chosen = mine.filter(state__in=TABS[tab]).defer("body")
    ordered = chosen.order_by("hold_until", "id") if tab == "waiting" else chosen.order_by("-made_at", "-id")
    found = Paginator(ordered, SHOWN).get_page(page)
    per_state = dict(mine.values_list("state").annotate(number=Count("pk")).order_by())
    waiting = mine.filter(state=_State.HELD).exclude(batch="")
    batches = list(waiting.values_list("batch").annotate(number=Count("pk")).filter(number__gt=1).order_by("batch"))
    return Outbox(
        found,
        [_row(letter, timezone.now()) for letter in found],
        {name: sum(per_state.get(state, 0) for state in states) for name, states in TABS.items()},
        batches[:20] if tab == "waiting" else [],
        per_state.get(_State.UNCLEAR, 0),
    )


def letters_of(by: Actor) -> QuerySet[Letter]:
    """All letters of the space that this actor may see."""
    mine = Letter.objects.filter(space_id=by.space_id)
    if by.may_everywhere(SEE):
        return mine
    limited = [number for number, roles in by.limited.items() if not roles.isdisjoint(CAN[SEE].roles)]
    return mine.filter(partnership_id__in=limited)


def letter_of(by: Actor, number: int, *, verb: str = SEE) -> Letter:
    """One letter of the space. Fails with Missing when it is not there or not for this actor."""
    found = Letter.objects.filter(space_id=by.space_id, pk=number).first()
    if found is None or not by.may(verb, found):
        raise Missing(_("That is not here, or not for you."))
    return found


@dataclass(frozen=True)
class Shown:
    """One letter on its own page. `body`: without the personal links in it, which are only for their reader."""

    row: Row
    body: str
    is_held_back: bool

    @property
    def can_go_again(self) -> bool:
        states = (_State.FAILED, _State.UNCLEAR, _State.STOPPED, _State.SUPPRESSED)
        return bool(self.row.letter.body) and self.row.letter.state in states


def shown(by: Actor, number: int) -> Shown:
    """A letter and what holds mail to its address back."""
    letter = letter_of(by, number)
    is_held = suppression.live(
        letter.to_address, space_id=letter.space_id, partnership_id=letter.partnership_id
    ).exists()
    body = "" if letter.is_secret else message.struck(letter.body)
    return Shown(_row(letter, timezone.now()), body, is_held)


def chosen(by: Actor, numbers: list[int], batch: str = "") -> list[Letter]:
    """The letters that were ticked, or all of one sending, as far as they wait or were taken as drafts before."""
    by.must(SEE)
    wanted = Q(pk__in=numbers) | Q(batch=batch) if batch else Q(pk__in=numbers)
    states = (_State.HELD, _State.STOPPED, _State.DRAFTED)
    return list(letters_of(by).filter(wanted, state__in=states).order_by("to_name", "id")[:500])


def _row(letter: Letter, now: datetime) -> Row:
    leaves = max(letter.hold_until, letter.next_try_at or letter.hold_until) - now
    waits = letter.state == _State.HELD
    return Row(letter, reasons.sentence(letter.failure), max(leaves, timedelta(0)) if waits else None)


# --- who asked for no mail --------------------------------------------------------------------------------------------


def stops(by: Actor) -> list[Suppression]:
    """What holds mail of this space back, newest first. Addresses are not kept, so none can be shown."""
    by.must(SEE)
    mine = Suppression.objects.filter(space_id=by.space_id, lifted_at=None)
    return list(mine[:200]) if by.may_everywhere(SEE) else []


def written_to(by: Actor) -> list[str]:
    """The addresses at which we wrote to the holder of a link, newest first."""
    if by.purpose not in (STOP, "undo") or not by.person_id:
        raise Missing(_("That is not here, or not for you."))
    sent = Letter.objects.filter(space_id=by.space_id, person_id=by.person_id).order_by("-id")
    return list(dict.fromkeys(sent.values_list("to_address", flat=True)[:50]))


def recipient(by: Actor) -> Recipient:
    """The holder of a link, as we last wrote to them."""
    last = Letter.objects.filter(space_id=by.space_id, person_id=by.person_id).order_by("-id").first()
    return Recipient(last.to_address, last.to_name, last.language) if last is not None else Recipient("")


def asked_of(by: Actor) -> QuerySet[Suppression]:
    """What the holder of a link asked for and did not take back: here, or of the whole place."""
    hashes = [suppression.address_hash(address) for address in written_to(by)]
    here = Q(level=Suppression.Level.INSTALLATION) | Q(space_id=by.space_id)
    return Suppression.objects.filter(here, address_hash__in=hashes, cause=suppression.Cause.ASKED, lifted_at=None)


def asked_levels(by: Actor) -> set[str]:
    """The levels at which the holder of a link asked for no mail."""
    return set(asked_of(by).values_list("level", flat=True))
