"""The forms of these pages. Those of signing in count wrong tries; right ones are never held up."""

from __future__ import annotations

from typing import Any

from allauth.account import app_settings
from allauth.account.forms import ConfirmLoginCodeForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts import limits, zones
from sharedtable.accounts.adapters import queue_code
from sharedtable.accounts.models import Role
from sharedtable.accounts.queries import user_of_address
from sharedtable.web.local import client_address

COMMON = {
    "America/New_York": _("Eastern time"),
    "America/Chicago": _("Central time"),
    "America/Denver": _("Mountain time"),
    "America/Los_Angeles": _("Pacific time"),
    "America/Phoenix": _("Arizona"),
    "America/Anchorage": _("Alaska"),
    "Pacific/Honolulu": _("Hawaii"),
    "UTC": _("World time (UTC)"),
}


def zone_choices() -> list[tuple[str, Any]]:
    """Every time zone, those that people have words for first."""
    first = [(name, f"{said} · {name}") for name, said in COMMON.items() if name != "UTC"]
    rest = [(name, name.replace("_", " ")) for name in zones.names() if name not in COMMON]
    return [*first, ("UTC", COMMON["UTC"]), *rest]


ENOUGH = _("These were too many wrong codes. Wait a quarter of an hour, then try again.")


class AskForCode(forms.Form):
    """An address to which a code goes, if it belongs to somebody on a team. The answer is the same either way."""

    email = forms.EmailField(label=_("Your mail address"), max_length=254)

    def clean_email(self) -> str:
        """The address; `_user` is whom a code goes to: nobody when too many were asked for."""
        email = str(self.cleaned_data["email"]).lower()
        is_within = limits.take(limits.CODES_FOR_ADDRESS, client_address(context.request))
        is_within = limits.take(limits.CODES_FOR_ACCOUNT, email) and is_within
        is_within = not limits.is_empty(limits.WRONG_CODE_OF_ACCOUNT, email) and is_within
        user = user_of_address(email)
        self._user = user if is_within else None
        if self._user is None:
            queue_code(None, email, "XXXX-XXXX")  # the same work as for a known address; no letter comes of it
        return email


class TypeCode(ConfirmLoginCodeForm):  # type: ignore[misc]  # allauth ships no types
    """The code from the mail. Too many wrong ones, and the code is void."""

    def clean_code(self) -> str:
        """The right code, or an error."""
        try:
            return str(super().clean_code())
        except forms.ValidationError:
            stage = context.request._login_stage
            is_within = limits.take(limits.WRONG_CODE_OF_ADDRESS, client_address(context.request))
            is_within = limits.take(limits.WRONG_CODE_OF_ACCOUNT, stage.state.get("email", "")) and is_within
            if not is_within:
                stage.state["failed_attempts"] = app_settings.LOGIN_BY_CODE_MAX_ATTEMPTS
            raise


class SecondStep(AuthenticateForm):  # type: ignore[misc]  # allauth ships no types
    """A code of the authenticator app, or a recovery code; each works once, in whichever process."""

    def clean_code(self) -> str:
        """The right code, or an error. A token is taken before the look, so that tries at the same time count too."""
        if not limits.take(limits.WRONG_SECOND_FACTOR, self.user.pk):
            raise forms.ValidationError(ENOUGH)
        code = str(super().clean_code())
        if not limits.once("second factor", f"{self.user.pk} {code.strip()}", 120):
            raise forms.ValidationError(_("That code was used already. Wait for the next one."))
        limits.give_back(limits.WRONG_SECOND_FACTOR, self.user.pk)
        return code


class SetUp(forms.Form):
    """The first team and its first user."""

    team = forms.CharField(
        label=_("What is your team called?"), max_length=120, help_text=_("Your region, or your organization.")
    )
    state = forms.ChoiceField(label=_("State"))
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, help_text=_("In it you plan meetings. It can be changed later.")
    )
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your mail address"),
        max_length=254,
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    code = forms.CharField(
        label=_("Set-up code"), max_length=60, help_text=_("It stands on the console where the program was started.")
    )

    def __init__(self, *args: Any, states: list[tuple[str, str]], needs_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state = self.fields["state"]
        if isinstance(state, forms.ChoiceField):
            state.choices = [("", _("Choose a state")), *states]
        zone = self.fields["time_zone"]
        if isinstance(zone, forms.ChoiceField):
            zone.choices = [("", _("The usual one of the state")), *zone_choices()]
        if not needs_code:
            del self.fields["code"]


class Give(forms.Form):
    """Somebody to add, and as what."""

    email = forms.EmailField(label=_("Mail address"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=120)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    agency = forms.ChoiceField(
        label=_("Agency"), required=False, help_text=_("Agency staff change the list of this organization alone.")
    )
    partnership = forms.ChoiceField(
        label=_("Only in one partnership"), required=False, help_text=_("Leave it empty for the whole team.")
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The role ends by itself after this day."),
    )

    def __init__(self, *args: Any, agencies: list[Any], partnerships: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.things = {
            "agency": {str(one.pk): one for one in agencies},
            "partnership": {str(one.pk): one for one in partnerships},
        }
        for name, found in self.things.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [("", "–"), *((key, one.name) for key, one in found.items())]

    def thing(self, name: str) -> Any:
        """The agency or partnership that was chosen; None without one."""
        return self.things[name].get(self.cleaned_data[name])


class SpaceSettings(forms.Form):
    """What holds for the whole team."""

    name = forms.CharField(label=_("Name of the team"), max_length=120)
    reply_to = forms.EmailField(
        label=_("Answers to letters go to"), required=False, help_text=_("A mailbox that somebody reads.")
    )
    language = forms.ChoiceField(
        label=_("Language of letters"), choices=settings.LANGUAGES, help_text=_("Where a person has not chosen one.")
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        required=False,
        choices=zone_choices,
        help_text=_("In it you plan meetings, and in it everybody of the team reads their hours."),
    )
    records_notice = forms.CharField(
        label=_("Public records notice"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown to staff where they write about companies. Use the words of your state's law."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
