"""A letter as a mail: plain text, from the installation's own address in the sender's name, answers to a person."""

from __future__ import annotations

import re
import secrets
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from email_validator import EmailNotValidError, validate_email

from sharedtable.ledger.bilingual import languages
from sharedtable.ledger.models import Letter

_LINK = re.compile(r"(/(?:l|stop)/)[\w-]{16,}")
_STRUCK = r"\1…"
_BARE = re.compile(r"\A([\w-]+):\r\n[ \t]+")


class _Headers(EmailPolicy):
    """Never breaks a line right after the name of its header, as the library does with a subject of some 75 letters:
    some programs read such a subject as empty."""

    def fold(self, name: str, value: str) -> str:
        return _BARE.sub(r"\1: ", super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        folded = super().fold_binary(name, value)
        return _BARE.sub(r"\1: ", folded.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


PLAIN = _Headers(linesep=SMTP.linesep)
WIDE = PLAIN.clone(utf8=True)  # where an address itself is not of ASCII


class NotAnAddress(ValueError):
    """An address that no mail could reach."""


def from_address() -> str:
    """The address that all mail of this installation comes from."""
    if settings.MAIL_FROM:
        return str(settings.MAIL_FROM)
    host = urlsplit(settings.SITE_ADDRESS).hostname or "localhost"
    return f"table@{'localhost' if ':' in host or host.replace('.', '').isdigit() else host}"


def own_address() -> str:
    """The same, fit for a header. Fails with NotAnAddress. Unlike others', ours may be of this machine alone."""
    address = from_address()
    local, _at, domain = address.rpartition("@")
    if not local or not domain or not address.isascii() or not address.isprintable() or " " in address:
        raise NotAnAddress(f"SHAREDTABLE_MAIL_FROM: {address}")
    return address


def new_message_id() -> str:
    """An id that nobody can guess, so that a bounce that names it is about a letter of ours."""
    return f"<{secrets.token_hex(16)}@{from_address().rpartition('@')[2]}>"


def checked(address: str) -> str:
    """The address as the other side's server wants it. Fails with NotAnAddress."""
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True, globally_deliverable=False)
    except EmailNotValidError as error:
        raise NotAnAddress(str(error)) from None
    return found.ascii_email or found.normalized


def build(letter: Letter, *, is_draft: bool = False) -> EmailMessage:
    """The mail of a letter. Fails with NotAnAddress, or with ValueError when it cannot be written as one.

    A draft has no sender and no id: the mail program that sends it puts in its own. `X-Unsent` opens it for writing.
    """
    to = checked(letter.to_address)
    message = EmailMessage(PLAIN if to.isascii() else WIDE)
    try:
        message["To"] = _address(letter.to_name, to)
        message["Subject"] = letter.subject
        if is_draft:
            message["X-Unsent"] = "1"
        else:
            _say_who_sends(message, letter)
        message.set_content(letter.body, charset="utf-8", cte="quoted-printable")
        message["Content-Language"] = ", ".join(languages(letter.language))
        message.as_bytes()
    except (MessageError, IndexError, UnicodeError) as error:
        raise ValueError(f"letter {letter.pk}: {error}") from error
    return message


def _say_who_sends(message: EmailMessage, letter: Letter) -> None:
    message["From"] = _address(letter.from_name, own_address())
    if letter.reply_to:
        message["Reply-To"] = _address(letter.from_name, checked(letter.reply_to))
    message["Date"] = format_datetime(letter.claimed_at or letter.made_at)
    message["Message-ID"] = letter.message_id
    if letter.is_transactional:
        message["Auto-Submitted"] = "auto-generated"
    elif letter.stop_address:
        # RFC 8058: the reader's mail program shows a button of its own, and one click is enough.
        message["List-Unsubscribe"] = f"<{letter.stop_address}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _address(name: str, address: str) -> Address:
    return Address(display_name=name, addr_spec=address)


def struck(body: str) -> str:
    """The text without its personal links: whoever reads it later must not be able to use them."""
    return _LINK.sub(_STRUCK, body)
