"""The letters of a round: please answer, and please remember. Plain text, in the reader's language."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.links import address_of
from sharedtable.ledger.actions import Draft
from sharedtable.ledger.bilingual import written
from sharedtable.method.tools import attribution
from sharedtable.worksheets.models import Asked, Round

SAMPLE = "–"  # stands for the token where a letter is only looked at


def draft(about: Round, asked: Asked, token: str, kind: str, key: str, by: Actor) -> Draft:
    """One letter to one person. `kind`: ask or remind."""
    person = asked.person

    def write() -> Draft:
        subject, body = words(about, asked, token, kind, by.name)
        return Draft(
            kind="worksheet",
            key=key,
            to_address=person.email,
            to_name=person.name,
            from_name=by.name,
            reply_to=about.space.reply_to,
            subject=subject,
            body=body,
            person_id=person.pk,
            partnership_id=about.partnership_id or 0,
        )

    return written(person.language, write)


def words(about: Round, asked: Asked, token: str, kind: str, sender: str) -> tuple[str, str]:
    """Subject and text of a letter, in the language that is active."""
    language = (get_language() or "en")[:2]
    worksheet = about.worksheet(language)
    where = about.partnership.name if about.partnership else about.space.name
    given = {
        "title": worksheet.title,
        "where": where,
        "name": asked.person.name,
        "place": str(asked.organisation or ""),
    }
    parts = [_("Dear %(name)s,") % given]
    if kind == "remind":
        subject = _("Still open: %(title)s") % given
        parts.append(
            _("A few days ago we asked for your view. If you have answered, thank you. If not, there is still time.")
        )
    else:
        subject = _("Your view: %(title)s") % given
        parts.append(_("%(where)s asks for your view: “%(title)s”.") % given)
    parts += [worksheet.summary, _minutes(worksheet.minutes)]
    if about.note:
        parts.append(about.note)
    if about.way == Round.Way.ORGANISATION:
        parts.append(_("You answer for %(place)s.") % given)
    parts.append(privacy_words(about))
    if about.closes_on:
        parts.append(_("Please answer by %(day)s.") % {"day": date_format(about.closes_on, "DATE_FORMAT")})
    parts.append(
        _("Open it here, on a phone or a computer. You need no account:")
        + "\n"
        + (address_of(token) if token != SAMPLE else SAMPLE)
    )
    parts.append(_("The link is yours alone. Please do not pass it on."))
    parts.append(_("Thank you,") + f"\n{sender or where}")
    parts.append(f"--\n{attribution(language)}")
    return subject, "\n\n".join(parts) + "\n"


def _minutes(minutes: int) -> str:
    return _("It takes about %(minutes)d minutes. What you type is kept at once, so you may stop and go on later.") % {
        "minutes": minutes
    }


def privacy_words(about: Round) -> str:
    """Who will see the answers, said before anybody answers."""
    if about.is_anonymous:
        return _("Your answers carry no name, and nothing that is kept says who wrote what.")
    if about.way == Round.Way.ORGANISATION:
        return _("The team sees the answers of each organization, when all are shown together.")
    return _("The conveners see your name beside your answers. The group sees the sums, when all are shown together.")
