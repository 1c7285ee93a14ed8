"""Forms of these pages. They carry texts; what is a good value, the actions decide and say at the field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sharedtable.errors import Refused
from sharedtable.ledger.bilingual import CHOICES
from sharedtable.method.partner_types import partner_types
from sharedtable.people.models import Organisation
from sharedtable.people.values import WrongValues, number
from sharedtable.web.people import words

YES_NO = (("", gettext_lazy("Not known")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No")))
ONE_TO_FIVE = (("", gettext_lazy("Not rated")), *((str(n), str(n)) for n in range(1, 6)))


def text(
    label: Any, help_text: Any = "", *, required: bool = False, most: int = 200, kind: str = "text", fill: str = "off"
) -> forms.CharField:
    """A field for one line. `fill`: what a browser may put in, where it asks for something of the reader's own."""
    widget = forms.TextInput(attrs={"type": kind, "autocomplete": fill})
    return forms.CharField(label=label, help_text=help_text, required=required, max_length=most, widget=widget)


def lines(label: Any, help_text: Any = "", rows: int = 4) -> forms.CharField:
    """A field for a longer text."""
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": rows})
    )


def choice(label: Any, choices: Iterable[Any], help_text: Any = "") -> forms.ChoiceField:
    """A field with a list."""
    return forms.ChoiceField(label=label, choices=list(choices), required=False, help_text=help_text)


def day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    """A field for a day, with the browser's calendar."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=required,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class EntryForm(forms.Form):
    """What the forms of people and organisations share: version, source, whose list."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    agency = choice(gettext_lazy("On whose list"), [], gettext_lazy("Who keeps a list sees the contacts on it."))
    source = text(
        gettext_lazy("Who told you this?"), gettext_lazy("Such as “card at the fair”. Empty: your name."), most=120
    )

    def fit(self, agencies: Iterable[Any], *, may_private: bool, may_everywhere: bool) -> None:
        """Take out what the actor may not write, and fill in the lists."""
        self.fields["agency"].choices = [("0", _("The team")), *((str(one.pk), one.name) for one in agencies)]  # type: ignore[attr-defined]
        if not may_everywhere:
            del self.fields["agency"]
        if not may_private:
            for name in ("notes", "understands_model", "is_committed", "credibility_rating", "buy_in_rating"):
                self.fields.pop(name, None)

    def values(self) -> dict[str, Any]:
        """What was typed, by fields of the record."""
        own = {"version", "agency", "source", "organisation", "title"}
        return {name: value for name, value in self.cleaned_data.items() if name not in own}

    def agency_id(self) -> int | None:
        """Whose list was chosen; None when that could not be chosen."""
        found = self.cleaned_data.get("agency")
        return None if found is None else number(found)


class PersonForm(EntryForm):
    """One person."""

    name = text(gettext_lazy("Name"), required=True, most=160)
    email = text(gettext_lazy("Mail"), most=254, kind="email")
    phone = text(gettext_lazy("Phone"), most=60, kind="tel")
    mobile = text(gettext_lazy("Mobile"), most=60, kind="tel")
    assistant = text(gettext_lazy("Assistant"), gettext_lazy("Name and number of who keeps their calendar."))
    language = choice(gettext_lazy("Language of their mail"), CHOICES)
    notes = lines(gettext_lazy("Notes"))
    field_order = ("name", "email", "phone", "mobile", "assistant", "language", "agency", "source", "notes")


class OrganisationForm(EntryForm):
    """One organisation."""

    name = text(gettext_lazy("Name"), required=True)
    kind = choice(gettext_lazy("What it is"), Organisation.Kind.choices)
    system = choice(
        gettext_lazy("System"), [("", "–"), *Organisation.System.choices], gettext_lazy("For support partners.")
    )
    partner_type = choice(gettext_lazy("Type"), [])
    naics_code = text(
        gettext_lazy("Industry code"), gettext_lazy("For companies: two to six digits, such as 3261."), most=10
    )
    employees = text(gettext_lazy("People employed here"), most=10)
    website = text(gettext_lazy("Website"))
    phone = text(gettext_lazy("Phone"), most=60, kind="tel")
    street = text(gettext_lazy("Street"))
    city = text(gettext_lazy("City"), most=100)
    state_code = text(gettext_lazy("State"), most=40)
    zip_code = text(gettext_lazy("ZIP code"), most=12)
    county_code = text(gettext_lazy("County"), gettext_lazy("Five digits, such as 39049."), most=5)
    convenes = lines(gettext_lazy("Which employers does it bring together, and for what?"), rows=2)
    understands_model = choice(gettext_lazy("Understands this way of working"), YES_NO)
    is_committed = choice(gettext_lazy("Backs this way of working"), YES_NO)
    credibility_rating = choice(gettext_lazy("Credibility with the industry, 1 to 5"), ONE_TO_FIVE)
    buy_in_rating = choice(gettext_lazy("Buy-in, 1 to 5"), ONE_TO_FIVE)
    notes = lines(gettext_lazy("Notes"))
    field_order = (
        "name", "kind", "system", "partner_type", "naics_code", "employees", "website", "phone", "street", "city",
        "state_code", "zip_code", "county_code", "agency", "source", "convenes", "understands_model", "is_committed",
        "credibility_rating", "buy_in_rating", "notes",
    )  # fmt: skip

    def offer_types(self, language: str) -> None:
        """The types of the directory in the language of the page."""
        types = [(one.id, one.title(language)) for one in partner_types().values()]
        self.fields["partner_type"].choices = [("", "–"), *types]  # type: ignore[attr-defined]


class MembershipForm(forms.Form):
    """Where somebody works, as what, from when; the organisation is chosen beside it."""

    title = text(gettext_lazy("Title"), most=160)
    started_on = day(gettext_lazy("From"))
    can_commit = choice(
        gettext_lazy("Can they promise time or money for it?"),
        YES_NO,
        gettext_lazy("Matters most for support partners."),
    )


class OwnContactForm(forms.Form):
    """How to reach the holder of a link."""

    email = text(gettext_lazy("Mail"), most=254, kind="email", fill="email")
    phone = text(gettext_lazy("Phone"), most=60, kind="tel", fill="work tel")
    mobile = text(gettext_lazy("Mobile"), most=60, kind="tel", fill="mobile tel")
    assistant = text(gettext_lazy("Assistant"))
    language = choice(gettext_lazy("Language of your mail"), CHOICES)


class DescribeForm(forms.Form):
    """What the holder of a link says about themselves."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in words.DESCRIBED.items():
            self.fields[name] = text(label, most=120)


def show_refusal(form: forms.Form, refusal: Refused) -> None:
    """Put the sentences of a refusal where they belong: at their fields, or above the form."""
    if not isinstance(refusal, WrongValues):
        form.add_error(None, str(refusal))
        return
    for name, sentence in refusal.fields.items():
        form.add_error(name if name in form.fields else None, sentence)


def initial_of(thing: Any, form: type[forms.Form], shown: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What stands in the record, as it is shown in a form."""
    found: dict[str, Any] = {}
    for name in form.base_fields:
        value = getattr(thing, name, None)
        found[name] = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    return {**found, "agency": str(thing.agency_id or 0), "version": thing.version, "source": "", **(shown or {})}
