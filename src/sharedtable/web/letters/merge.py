"""Letters to take along: a mail for each to open and send, and one list to merge from in Word or Outlook."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from sharedtable.exports import Column, Sheet, Workbook, to_xlsx
from sharedtable.ledger import message
from sharedtable.ledger.models import Letter

_LINK = re.compile(r"https?://\S+")


def bundle(letters: Sequence[Letter], language: str) -> bytes:
    """A ZIP with `mail-merge.xlsx` and a mail for each letter."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, letter in enumerate(letters, 1):
            name = slugify(letter.to_name or letter.to_address)[:60] or "letter"
            archive.writestr(f"{number:03d}-{name}.eml", message.build(letter, is_draft=True).as_bytes())
        archive.writestr("mail-merge.xlsx", _merge_list(letters, language))
    return held.getvalue()


def _merge_list(letters: Sequence[Letter], language: str) -> bytes:
    """One row a person: to whom, the subject, the text and the personal link in it."""
    columns = (
        Column("to_address", _("Mail address")),
        Column("to_name", _("Name")),
        Column("subject", _("Subject")),
        Column("text", _("Personal text")),
        Column("link", _("Personal link")),
        Column("reply_to", _("Answers go to")),
    )
    rows = tuple(
        {
            "to_address": letter.to_address,
            "to_name": letter.to_name,
            "subject": letter.subject,
            "text": letter.body,
            "link": next((link for link in _LINK.findall(letter.body) if link.startswith(settings.SITE_ADDRESS)), ""),
            "reply_to": letter.reply_to,
        }
        for letter in letters
    )
    return to_xlsx(
        Workbook(
            layout="mail_merge",
            layout_version=1,
            title=_("Letters to merge"),
            created_on=timezone.localdate(),
            about={},
            sheets=(Sheet("letters", columns, rows),),
            language="es" if language == "es" else "en",
        )
    )
