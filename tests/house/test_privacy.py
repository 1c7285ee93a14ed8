"""Every field of every model of ours says who may ever see it; models of packages are known by name."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from sharedtable.privacy import Privacy

OURS = [model for model in apps.get_models() if model.__module__.startswith("sharedtable.")]
# What packages keep, and what of it is personal.
THEIRS = {
    "auth.Permission": "names of rights that nothing here asks for",
    "auth.Group": "not used",
    "contenttypes.ContentType": "names of tables",
    "sessions.Session": "who is signed in, signed and short-lived",
    "account.EmailAddress": "not used: a user has one address, in accounts.User",
    "account.EmailConfirmation": "not used: a code that came by mail shows the address",
    "mfa.Authenticator": "the keys of a user's second step; what is secret is encrypted",
    "socialaccount.SocialAccount": "who is who at the OpenID provider, with the name and address there",
    "socialaccount.SocialApp": "not used: the provider stands in the settings",
    "socialaccount.SocialToken": "not used: tokens of the provider are not kept",
}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_of_every_model_says_who_may_see_it(model: type[models.Model]) -> None:
    classes = getattr(model, "privacy", {})
    assert set(classes) == {field.name for field in model._meta.get_fields() if isinstance(field, models.Field)}
    assert all(isinstance(value, Privacy) for value in classes.values())


def test_no_package_keeps_anything_that_nobody_thought_of() -> None:
    assert {model._meta.label for model in apps.get_models()} - {model._meta.label for model in OURS} == set(THEIRS)
