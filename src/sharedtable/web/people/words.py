"""What codes of the record are called on these pages."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

FIELDS: Words = {
    "name": _("Name"), "email": _("Mail"), "phone": _("Phone"), "mobile": _("Mobile"), "assistant": _("Assistant"),
    "language": _("Language"), "website": _("Website"), "street": _("Street"), "city": _("City"),
    "state_code": _("State"), "zip_code": _("ZIP code"), "county_code": _("County"), "naics_code": _("Industry code"),
    "employees": _("People employed here"), "kind": _("What it is"), "system": _("System"), "partner_type": _("Type"),
    "registry_number": _("Number in a register"), "convenes": _("What it convenes"), "title": _("Title"),
    "organisation": _("Company or organization"), "other": _("Something else"),
    "understands_model": _("Understands this way of working"), "is_committed": _("Backs this way of working"),
    "credibility_rating": _("Credibility with the industry"), "buy_in_rating": _("Buy-in"),
}  # fmt: skip
STRENGTHS: Words = {
    "0": _("Does not know them"), "1": _("Met once"), "2": _("Knows them well"), "3": _("They call back the same day"),
}  # fmt: skip
OWN_STRENGTHS: Words = {"0": _("No"), "1": _("Met once"), "2": _("Know them well"), "3": _("They call me back")}
CONSENT: Words = {
    "contact_shown": _("Members of the partnership may see how to reach them"),
    "listed_as_member": _("Is named in public as a member"),
    "news": _("Gets news of the partnership"),
    "photo": _("May be seen in photos"),
    "hand_over": _("Data may go to a new convener"),
}
DESCRIBED: Words = {
    "pronouns": _("How should we speak of you?"), "gender": _("Gender"), "race_ethnicity": _("Race or ethnicity"),
    "other": _("Anything else that you want us to know"),
}  # fmt: skip
LEVELS: Words = {
    "partnership": _("One partnership"), "space": _("This team"), "installation": _("Everybody on this site"),
}  # fmt: skip
CAUSES: Words = {
    "asked": _("the person asked for it"),
    "bounced": _("mail came back"),
    "convener": _("a convener decided"),
}
LETTERS: Words = {
    "held": _("waits"), "sending": _("is being sent"), "sent": _("sent"), "failed": _("failed"),
    "cancelled": _("cancelled"), "suppressed": _("not sent, mail is stopped"), "drafted": _("made as a draft"),
}  # fmt: skip
VERBS: Words = {
    "person.add": _("added to the record"), "person.correct": _("corrected"), "person.archive": _("put away"),
    "person.bring_back": _("brought back"), "person.move": _("changed employer"),
    "membership.begin": _("joined an organization"), "membership.correct": _("title or dates corrected"),
    "membership.end": _("left an organization"), "evidence.add": _("a note on a test or trait was added"),
    "tie.set": _("somebody said that they know this person"), "consent.set": _("consent was written down"),
    "person.leave_alone": _("mail was stopped by a convener"), "person.write_again": _("mail was allowed again"),
    "person.send_held": _("the link to this page was sent"), "person.send_ties": _("asked whom they know"),
    "person.own_contact": _("changed how to reach them, by link"),
    "person.own_shown": _("showed or hid contact, by link"),
    "person.own_words": _("described themselves, by link"), "person.own_mail_stop": _("stopped mail, by link"),
    "person.own_mail_allow": _("allowed mail again, by link"), "person.own_ask": _("asked something about their data"),
    "person.answer": _("got an answer about their data"), "person.hold": _("a legal hold was laid"),
    "person.hold_end": _("a legal hold ended"), "person.erase": _("erased"),
    "ties.tick": _("said whom they know, by link"),
}  # fmt: skip
