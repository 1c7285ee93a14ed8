"""What people do in the library: write an answer of the team, put it away again, tick a text as read."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.actions import record
from sharedtable.library.models import OwnAnswer, ReadMark
from sharedtable.method import articles

SHELF = "questions"
OWN = "own-"  # how the ids of questions begin that no shipped one stands behind
MOST_ANSWERS, LONGEST, LONGEST_QUESTION = 200, 4_000, 200


def write_answer(
    *, by: Actor, entry: str, en_question: str, en_answer: str, es_question: str, es_answer: str, was: int | None = None
) -> OwnAnswer:
    """Answer a question in the team's own words. `entry`: a shipped question or one of the team's; empty: a new one.

    `was`: the answer that the writer saw (None: the shipped one or none); Refused when somebody wrote since.
    """
    by.must_everywhere("library.change")
    texts = {
        "en_question": _line(en_question), "en_answer": _text(en_answer),
        "es_question": _line(es_question), "es_answer": _text(es_answer),
    }  # fmt: skip
    _check(texts)
    if entry and not entry.startswith(OWN) and entry not in articles.shelf(SHELF):
        raise Missing(_("There is no such question."))
    changed = Refused(_("Somebody else changed this answer since you opened it. Look at theirs, then save again."))
    now = timezone.now()
    try:
        with transaction.atomic():
            live = OwnAnswer.objects.select_for_update().filter(space_id=by.space_id, retired_at=None)
            known = live.filter(entry=entry).first() if entry else None
            if entry.startswith(OWN) and known is None:
                raise Missing(_("There is no such question."))
            if (known.pk if known else None) != was:
                raise changed
            if known is None and live.count() >= MOST_ANSWERS:
                raise Refused(
                    _("The team has %(most)d answers of its own. Put one away first.") % {"most": MOST_ANSWERS}
                )
            live.filter(entry=entry).update(retired_at=now)
            made = OwnAnswer.objects.create(
                space_id=by.space_id, entry=entry or _next_id(by.space_id), made_at=now, made_by=by.ref, **texts
            )
            record(by=by.ref, verb="library.answer", kind="own_answer", object_id=made.pk, space_id=by.space_id,
                   details={"entry": made.entry})  # fmt: skip
    except IntegrityError as error:  # two wrote at once
        raise changed from error
    return made


def put_away(*, by: Actor, entry: str) -> None:
    """Take an answer of the team away; for a shipped question the shipped answer stands again."""
    by.must_everywhere("library.change")
    with transaction.atomic():
        found = OwnAnswer.objects.select_for_update().filter(space_id=by.space_id, entry=entry, retired_at=None).first()
        if found is None:
            raise Missing(_("The team has no answer of its own there."))
        found.retired_at = timezone.now()
        found.save(update_fields=["retired_at"])
        record(by=by.ref, verb="library.answer_away", kind="own_answer", object_id=found.pk, space_id=by.space_id,
               details={"entry": entry})  # fmt: skip


def mark_read(*, by: Actor, entry: str, is_read: bool) -> None:
    """Tick a text of the reading list as read by oneself, or take the tick away."""
    by.must("library.read")
    if entry not in articles.shelf("reading"):
        raise Missing(_("That is not on the reading list."))
    with transaction.atomic():
        mine = ReadMark.objects.filter(space_id=by.space_id, entry=entry, by=by.ref)
        if is_read:
            _found, is_new = ReadMark.objects.get_or_create(
                space_id=by.space_id, entry=entry, by=by.ref, defaults={"at": timezone.now()}
            )
        else:
            is_new = bool(mine.delete()[0])
        if is_new:
            verb = "library.read" if is_read else "library.unread"
            record(by=by.ref, verb=verb, kind="space", object_id=by.space_id, space_id=by.space_id,
                   details={"entry": entry})  # fmt: skip


def _next_id(space_id: int) -> str:
    used = OwnAnswer.objects.filter(space_id=space_id, entry__startswith=OWN).values_list("entry", flat=True)
    return f"{OWN}{max((int(name.removeprefix(OWN)) for name in used), default=0) + 1}"


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _check(texts: dict[str, str]) -> None:
    for language in ("en", "es"):
        question, answer = texts[f"{language}_question"], texts[f"{language}_answer"]
        if bool(question) != bool(answer):
            raise Refused(_("A question needs an answer, and an answer a question, in each language that you write."))
        if len(question) > LONGEST_QUESTION or len(answer) > LONGEST:
            raise Refused(
                _("Keep the question under %(question)d letters and the answer under %(answer)d.")
                % {"question": LONGEST_QUESTION, "answer": LONGEST}
            )
    if not texts["en_answer"] and not texts["es_answer"]:
        raise Refused(_("Write the question and its answer in one language at least. Nothing was kept."))
