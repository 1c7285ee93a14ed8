"""Mail that came back: reads a bounce (RFC 3464), finds the letter that it is about, and stops mail to that address.

Only a bounce that names the unguessable id of a letter of ours, and its recipient, counts: anybody can write a mail
that looks like one.
"""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default

from django.db import transaction
from django.utils.translation import gettext as _

from sharedtable.errors import Refused
from sharedtable.ledger import reasons, suppression
from sharedtable.ledger.actions import record
from sharedtable.ledger.models import Letter

LONGEST = 2_000_000
_MAILBOX_IS_THERE = ("5.2.2", "5.2.3", "5.3.4", "5.7.")  # full, too large, refused for what it says


def take_in(content: bytes, *, by: str, space_id: int | None = None) -> Letter:
    """Mark the letter of a bounce as come back; a space takes in only bounces of its own letters.

    Fails with Refused when it is no bounce, only a delay, or about no letter of ours.
    """
    if len(content) > LONGEST:
        raise Refused(_("That file is too large for a mail that came back."))
    found = message_from_bytes(content, policy=default)
    failed = dict(_failed(found))
    if not failed:
        raise Refused(_("That is not a mail that came back for good. Save the mail from your mail server as it is."))
    for message_id in _ids(found):
        letters = Letter.objects.filter(message_id=message_id)
        letter = (letters if space_id is None else letters.filter(space_id=space_id)).first()
        if letter is not None and suppression.normal(letter.to_address) in failed:
            _mark(letter, failed[suppression.normal(letter.to_address)], by)
            return letter
    raise Refused(_("That mail is about no letter that left from here. Nothing was changed."))


def _failed(found: EmailMessage) -> Iterator[tuple[str, str]]:
    """Each recipient that the mail reports as failed for good, with what the other side said."""
    for part in found.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for fields in part.get_payload():
            if not isinstance(fields, Message) or str(fields.get("Action", "")).strip().lower() != "failed":
                continue
            recipient = str(fields.get("Final-Recipient") or fields.get("Original-Recipient") or "")
            said = f"{fields.get('Status', '')} {fields.get('Diagnostic-Code', '')}".strip()
            if said.startswith("5"):
                yield suppression.normal(recipient.rpartition(";")[2].strip(" <>")), said


def _ids(found: EmailMessage) -> Iterator[str]:
    """The id of the mail that came back, from whatever of it is enclosed."""
    for part in found.walk():
        if part is found:
            continue
        if part.get_content_type() == "text/rfc822-headers":
            content = part.get_payload(decode=True)
            part = message_from_bytes(content, policy=default) if isinstance(content, bytes) else part
        if part.get("Message-ID"):
            yield str(part["Message-ID"]).strip()


def _mark(letter: Letter, said: str, by: str) -> None:
    with transaction.atomic():
        changed = (
            Letter.objects.filter(pk=letter.pk)
            .exclude(failure__startswith="came-back")
            .update(state=Letter.State.FAILED, failure=reasons.coded("came-back", said))
        )
        if not changed:
            return
        if not said.startswith(_MAILBOX_IS_THERE):
            suppression.suppress(
                letter.to_address,
                level=suppression.Level.INSTALLATION,
                cause=suppression.Cause.BOUNCED,
                by=by,
                space_id=letter.space_id,
                reason=said,
            )
        record(by=by, verb="letter.bounce", kind="letter", object_id=letter.pk, space_id=letter.space_id)
