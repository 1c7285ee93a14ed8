"""Why a letter did not leave, or waits: a code in the table, a sentence in the reader's language on the page."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SENTENCES: dict[str, str | Promise] = {
    "address": gettext_lazy("This is not a mail address. Correct it in the person's entry, then send again."),
    "unknown": gettext_lazy("The other side says that this mailbox does not exist. Ask for the right address."),
    "full": gettext_lazy("The mailbox is full. Call the person, or send again in a few days."),
    "policy": gettext_lazy("The other side does not take mail from us. Look at “Will our mail arrive?”."),
    "refused": gettext_lazy("The mail server refused this letter for good."),
    "large": gettext_lazy("The letter is too large for the other side."),
    "later": gettext_lazy("The other side asked us to try again later."),
    "unreachable": gettext_lazy("Our mail server cannot be reached. We keep trying."),
    "sign-in": gettext_lazy("Our mail server does not accept our user name or password. Tell whoever runs this site."),
    "sender": gettext_lazy("Our mail server does not let us send from our own address. Tell whoever runs this site."),
    "tls": gettext_lazy("Our mail server offers no secure connection. Nothing was sent. Tell whoever runs this site."),
    "dropped": gettext_lazy("The connection broke before the letter was through. We keep trying."),
    "gave-up": gettext_lazy("We tried for two days and could not hand it over."),
    "unclear": gettext_lazy("It may or may not have left: the work stopped while it was being handed over."),
    "person-limit": gettext_lazy("This person got as many letters today as anybody should. It leaves tomorrow."),
    "space-limit": gettext_lazy("This team has sent as many letters today as mail services accept. It leaves later."),
    "asked": gettext_lazy("This person asked to get no such mail."),
    "bounced": gettext_lazy("Mail to this address came back before."),
    "rights": gettext_lazy("Whoever made this letter may not send it any more."),
    "format": gettext_lazy("This letter cannot be written as a mail. Make it anew."),
    "folder": gettext_lazy("The mail folder cannot be written: the disk may be full."),
    "came-back": gettext_lazy("It left and came back: the other side could not deliver it."),
}


def coded(code: str, said: str = "") -> str:
    """What is kept: the code, and what the server said in its own words."""
    if code not in SENTENCES:
        raise KeyError(code)
    return f"{code}|{' '.join(said.split())}"[:300] if said else code


def sentence(kept: str) -> str:
    """What is shown."""
    code, _bar, said = kept.partition("|")
    if code not in SENTENCES:
        return kept
    text = str(SENTENCES[code])
    return _("%(why)s It said: “%(said)s”") % {"why": text, "said": said} if said else text
