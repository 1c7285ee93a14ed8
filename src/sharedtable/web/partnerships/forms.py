"""The forms of partnerships. Choices are filled per request, from what this actor may choose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sharedtable.method import lists
from sharedtable.partnerships import scoping
from sharedtable.partnerships.models import Deadline, Decision, Program, Seat
from sharedtable.partnerships.seat_queries import Chair, Offered

Choices = list[tuple[str, Any]]


def _day(**more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(widget=widget, localize=False, **more)


def _long(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def titles(name: str, keys: Iterable[str] | None = None) -> Choices:
    """The entries of a list of the method as choices."""
    language = get_language() or "en"
    found = lists.items(name)
    return [(key, found[key].title(language)) for key in (found if keys is None else keys)]


def offered(found: Sequence[Offered], nobody: Any = "") -> Choices:
    """People or organisations as choices, with where they belong."""
    made: Choices = [("", nobody or "—")]
    return made + [(str(one.pk), f"{one.name} · {one.place}" if one.place else one.name) for one in found]


def chairs(found: Iterable[Chair], nobody: Any = "") -> Choices:
    """Seats as choices."""
    made: Choices = [("", nobody or "—")]
    return made + [(str(chair.seat.pk), f"{chair.name} · {chair.role}") for chair in found]


def number(value: str) -> int | None:
    """A chosen key as a number; None when nothing was chosen."""
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 18 else None


class IndustryWords(forms.Form):
    """A form in which an industry can be typed in words; where they fit several, `meant` offers these."""

    meant = forms.MultipleChoiceField(
        label=_("Which industries do you mean?"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = scoping.meant_by(self.data.get("sector", "")) if self.is_bound else []
        if len(found) > 1:
            self.fields["meant"].choices = [(code, f"{title} ({code})") for code, title in found]  # type: ignore[attr-defined]
            self.fields["meant"].is_asked = True  # type: ignore[attr-defined]  # or a narrower word above
        else:
            del self.fields["meant"]


class BeginForm(IndustryWords):
    name = forms.CharField(max_length=120, label=_("Name"), help_text=_("Such as “Plastics, Central Ohio”."))
    region = forms.CharField(
        max_length=400,
        required=False,
        label=_("Region"),
        help_text=_(
            "A county, a metro area or a region that you kept. Several: “Franklin County, Ohio; Licking County, Ohio”."
        ),
        widget=forms.TextInput(attrs={"list": "regions"}),
    )
    sector = forms.CharField(
        max_length=400,
        required=False,
        label=_("Industry"),
        help_text=_("A word such as plastics, the name of a sector that you kept, or codes such as 3261."),
        widget=forms.TextInput(attrs={"list": "sectors"}),
    )
    summary = forms.CharField(max_length=2_000, required=False, label=_("What it is about"), widget=_long(3))
    field_order = ("name", "region", "sector", "meant", "summary")


class DescribeForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(max_length=120, label=_("Name"))
    summary = forms.CharField(max_length=2_000, required=False, label=_("What it is about"), widget=_long())


class ScopeForm(IndustryWords):
    based_on = forms.IntegerField(widget=forms.HiddenInput)
    region = forms.CharField(
        label=_("Region"),
        max_length=24_000,
        widget=forms.TextInput(attrs={"list": "regions"}),
        help_text=_(
            "A county, a metro area or a region that you kept. Several: “Franklin County, Ohio; Licking County, Ohio”."
        ),
    )
    sector = forms.CharField(
        label=_("Industry"),
        max_length=4_000,
        widget=forms.TextInput(attrs={"list": "sectors"}),
        help_text=_("A word such as plastics, the name of a sector that you kept, or codes such as 3261."),
    )
    rules = forms.MultipleChoiceField(
        label=_("A company counts when it is"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("county", _("in a county of the region")),
            ("naics", _("in one of the industries")),
            ("employees", _("large enough")),
        ],
    )
    least = forms.CharField(
        label=_("Least number of employees"),
        required=False,
        max_length=7,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    study = forms.ChoiceField(label=_("Figures beside it"), required=False)
    note = forms.CharField(
        label=_("What changed, and why"),
        required=False,
        max_length=2_000,
        widget=_long(3),
        help_text=_("Good enough beats perfect. A sentence is enough."),
    )
    field_order = ("based_on", "region", "sector", "meant", "rules", "least", "study", "note")

    def __init__(self, *args: Any, studies: Choices, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["study"].choices = studies  # type: ignore[attr-defined]
        self.fields["note"].required = not is_first


class SeatForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), help_text=_("The role says at which table the seat is."))
    person = forms.ChoiceField(label=_("Person"), required=False)
    organisation = forms.ChoiceField(
        label=_("Organization"),
        required=False,
        help_text=_("Only when there is no person yet, or when the person acts for another organization."),
    )
    acts_for = forms.ChoiceField(
        label=_("Acts for"), required=False, help_text=_("For a delegate, or a convener's back-up.")
    )
    area = forms.CharField(
        label=_("Action area"), required=False, max_length=120, help_text=_("For a lead champion: which one.")
    )
    standing = forms.ChoiceField(
        label=_("Established or emerging leader"), required=False, choices=[("", "—"), *Seat.Standing.choices]
    )
    contribution = forms.CharField(
        label=_("What they bring"),
        required=False,
        max_length=300,
        help_text=_("For a partner: what will they contribute? Look for doers. It is kept as a pledge."),
    )
    started_on = _day(label=_("From"), required=False)
    ends_on = _day(
        label=_("Until"), required=False, help_text=_("Stays empty: the usual term of the role, if it has one.")
    )

    def __init__(self, *args: Any, people: Choices, organisations: Choices, seats: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        groups: list[tuple[Any, Choices]] = []
        for table in Seat.Table:
            roles = [item for item in lists.items("roles").values() if item.more["table"] == table]
            groups.append((table.label, [(item.id, item.title(language)) for item in roles]))
        self.fields["role"].choices = groups  # type: ignore[attr-defined]
        self.fields["person"].choices = people  # type: ignore[attr-defined]
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]
        self.fields["acts_for"].choices = seats  # type: ignore[attr-defined]


class SeatChangeForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    duties = forms.MultipleChoiceField(
        label=_("What this seat answers for"), required=False, widget=forms.CheckboxSelectMultiple
    )
    area = forms.CharField(label=_("Action area"), required=False, max_length=120)
    standing = forms.ChoiceField(
        label=_("Established or emerging leader"), required=False, choices=[("", "—"), *Seat.Standing.choices]
    )
    contribution = forms.CharField(label=_("What they bring"), required=False, max_length=300)
    ends_on = _day(label=_("Until"), required=False)

    def __init__(self, *args: Any, role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = [item.id for item in lists.items("duties").values() if role in item.more["roles"]]
        if role == "delegate":
            own = list(lists.items("duties"))
        self.fields["duties"].choices = titles("duties", own)  # type: ignore[attr-defined]


class HandOverForm(forms.Form):
    person = forms.ChoiceField(label=_("To whom"))
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]


class ConvenerHandOverForm(HandOverForm):
    takes_contacts = forms.BooleanField(
        label=_("Move the people who agreed to the list of the new convener's organization"), required=False
    )
    letters_are_seen = forms.BooleanField(label=_("The letters that wait were looked at"), required=False)


class AskForm(forms.Form):
    words = forms.CharField(
        label=_("Your own words"),
        required=False,
        max_length=2_000,
        widget=_long(6),
        help_text=_("Stays empty: a short standard text. The personal link is added by itself."),
    )


class DecisionForm(forms.Form):
    kind = forms.ChoiceField(label=_("What kind"), choices=Decision.Kind.choices)
    topic = forms.ChoiceField(label=_("Which obstacle"), required=False)
    question = forms.CharField(label=_("Question"), max_length=300)
    chosen = forms.CharField(label=_("What was decided"), max_length=200)
    next_choice = forms.CharField(
        label=_("What comes next"), max_length=200, required=False, help_text=_("Such as: the industry after this one.")
    )
    reasons = forms.CharField(label=_("Why"), max_length=4_000, widget=_long())
    dissent = forms.CharField(
        label=_("Who saw it differently, and why"), max_length=4_000, required=False, widget=_long(3)
    )
    agreed = forms.MultipleChoiceField(label=_("Who agreed"), required=False, widget=forms.CheckboxSelectMultiple)
    decided_by = forms.CharField(
        label=_("Others who decided"),
        max_length=2_000,
        required=False,
        widget=_long(2),
        help_text=_("One on each line."),
    )
    decided_on = _day(label=_("Decided on"), required=False)
    review_on = _day(label=_("Look at it again on"), required=False)

    def __init__(self, *args: Any, seats: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", "—"), *titles("obstacles")]  # type: ignore[attr-defined]
        self.fields["agreed"].choices = seats  # type: ignore[attr-defined]


class OptionForm(forms.Form):
    option = forms.CharField(label=_("Option"), max_length=200, required=False)
    reasons = forms.CharField(label=_("Reasons"), max_length=2_000, required=False, widget=_long(2))
    leaves_behind = forms.CharField(
        label=_("Agenda that it leaves behind"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"list": "agendas"}),
    )

    def __init__(self, *args: Any, is_convener: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_convener:
            del self.fields["leaves_behind"]
            return
        grades = [("", "—"), *((str(grade), str(grade)) for grade in range(1, 6))]
        for key, title in titles("convener_questions"):
            self.fields[f"rating_{key}"] = forms.ChoiceField(label=title, choices=grades, required=False)


class MeetingForm(forms.Form):
    on = _day(label=_("Day of the meeting"))
    is_launch = forms.BooleanField(label=_("This is the launch"), required=False)


class DeadlineForm(forms.Form):
    title = forms.CharField(label=_("What is due"), max_length=200)
    due_on = _day(label=_("On"))
    seat = forms.ChoiceField(label=_("Who sees to it"), required=False)

    def __init__(self, *args: Any, seats: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = seats  # type: ignore[attr-defined]


class DeadlineChangeForm(forms.Form):
    planned_on = _day(label=_("Planned for"), required=False)
    done_on = _day(label=_("Done on"), required=False)
    seat = forms.ChoiceField(label=_("Who sees to it"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, data: Any, *, seats: Choices, deadline: Deadline) -> None:
        given = {
            "planned_on": deadline.planned_on,
            "done_on": deadline.done_on,
            "seat": deadline.seat_id or "",
            "note": deadline.note,
        }
        super().__init__(data, initial=given)
        self.fields["seat"].choices = seats  # type: ignore[attr-defined]


class PledgeForm(forms.Form):
    organisation = forms.ChoiceField(label=_("Organization"))
    hours_a_week = forms.DecimalField(label=_("Hours a week"), max_digits=4, decimal_places=1, min_value=0)
    started_on = _day(label=_("From"))
    ends_on = _day(label=_("Until"), required=False)

    def __init__(self, *args: Any, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]


class ProgramForm(forms.Form):
    name = forms.CharField(label=_("Name of the program"), max_length=200)
    organisation = forms.ChoiceField(label=_("Organization"))
    group = forms.ChoiceField(label=_("Group"), choices=Program.Group.choices)
    owner = forms.ChoiceField(label=_("Who answers for its outreach"), required=False)
    courts_sector = forms.CharField(label=_("Which companies it calls on"), required=False, max_length=200)
    offers = forms.CharField(label=_("What it offers"), required=False, max_length=2_000, widget=_long(3))

    def __init__(self, *args: Any, organisations: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]
        self.fields["owner"].choices = people  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    organisation = forms.ChoiceField(label=_("Company"))
    topic = forms.CharField(
        label=_("Topic"), required=False, max_length=80, help_text=_("Stays empty: for everything.")
    )
    lead = forms.ChoiceField(label=_("Whom to ask"))
    cover = forms.ChoiceField(label=_("Who covers"), required=False)

    def __init__(self, *args: Any, organisations: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]
        self.fields["lead"].choices = people  # type: ignore[attr-defined]
        self.fields["cover"].choices = people  # type: ignore[attr-defined]


class MarkForm(forms.Form):
    is_in = forms.ChoiceField(choices=[("in", ""), ("out", ""), ("none", "")])
    reason = forms.CharField(required=False, max_length=300, label=_("Reason"))


class SharesForm(forms.Form):
    shares = forms.MultipleChoiceField(label=_("The state sees"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shares"].choices = titles("shares")  # type: ignore[attr-defined]
