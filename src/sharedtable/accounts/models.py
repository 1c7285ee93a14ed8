"""Users, the spaces they work in, what they were granted there, and personal links for those who have no account."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts import zones
from sharedtable.privacy import Privacy


class Space(models.Model):
    """A tenant: one regional team with its own record. Nothing in one space is seen from another."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    state_code = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=5, default="en")
    time_zone = models.CharField(max_length=40, blank=True)  # an IANA name; empty: UTC
    reply_to = models.EmailField(blank=True)
    records_notice = models.TextField(blank=True)
    is_example = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "slug": Privacy.PUBLIC,
        "name": Privacy.PUBLIC,
        "state_code": Privacy.PUBLIC,
        "language": Privacy.TEAM,
        "time_zone": Privacy.TEAM,
        "reply_to": Privacy.TEAM,
        "records_notice": Privacy.TEAM,
        "is_example": Privacy.PUBLIC,
        "made_at": Privacy.TEAM,
        "closed_at": Privacy.TEAM,
        "version": Privacy.SYSTEM,
    }

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the team reads the clock."""
        return zones.zone(self.time_zone)


class UserManager(BaseUserManager["User"]):
    """Makes users; there is no superuser, because there is no admin that writes."""

    def create_user(self, email: str, name: str = "", **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), name=name, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Somebody with an account: a convener, agency staff, an economist, a state lead. No passwords."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=5, default="en")
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "password": Privacy.SYSTEM,
        "last_login": Privacy.CONVENERS,
        "email": Privacy.CONVENERS,
        "name": Privacy.TEAM,
        "language": Privacy.SYSTEM,
        "is_active": Privacy.CONVENERS,
        "made_at": Privacy.CONVENERS,
    }

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="one_user_an_address"),)

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.TextChoices):
    """What somebody with an account is in a space."""

    ADMIN = "admin", _("Administrator")
    CONVENER = "convener", _("Convener")
    AGENCY = "agency", _("Agency staff")
    ECONOMIST = "economist", _("Regional economist")
    ADVISER = "adviser", _("Frontline adviser")
    STATE = "state", _("State lead")


class Grant(models.Model):
    """One role of one user in one space, from a day on, perhaps to a day, until it is revoked.

    `partnership_id`: the role holds in that partnership alone; 0: in the whole space. `agency_id`: the organisation of
    the record whose list this person keeps; 0: none. Plain numbers, because accounts stand below those rooms.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="grants")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=10, choices=Role.choices)
    partnership_id = models.BigIntegerField(default=0)
    agency_id = models.BigIntegerField(default=0)
    granted_by = models.CharField(max_length=40)
    granted_at = models.DateTimeField()
    ends_on = models.DateField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "space": Privacy.SYSTEM,
        "user": Privacy.TEAM,
        "role": Privacy.TEAM,
        "partnership_id": Privacy.SYSTEM,
        "agency_id": Privacy.SYSTEM,
        "granted_by": Privacy.CONVENERS,
        "granted_at": Privacy.CONVENERS,
        "ends_on": Privacy.CONVENERS,
        "revoked_at": Privacy.CONVENERS,
    }

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("space", "user", "role", "partnership_id"),
                condition=models.Q(revoked_at=None),
                name="one_live_grant_a_role",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} is {self.role} in {self.space}"


class PersonalLink(models.Model):
    """A way in for one person to one task, by a link in a mail; no account.

    Only the SHA-256 of the token is kept. `purpose` says which pages it opens; `person_id` whose link it is; `kind` and
    `object_id` what it is about. It works until it expires or is revoked; opening it changes nothing.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=30)
    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=40, blank=True)
    object_id = models.BigIntegerField(default=0)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "space": Privacy.SYSTEM,
        "token_hash": Privacy.SYSTEM,
        "purpose": Privacy.CONVENERS,
        "person_id": Privacy.SYSTEM,
        "kind": Privacy.CONVENERS,
        "object_id": Privacy.SYSTEM,
        "made_by": Privacy.CONVENERS,
        "made_at": Privacy.CONVENERS,
        "expires_at": Privacy.CONVENERS,
        "revoked_at": Privacy.CONVENERS,
    }

    class Meta:
        indexes = (models.Index(fields=("space", "person_id"), name="links_of_a_person"),)

    def __str__(self) -> str:
        return f"{self.purpose} for person {self.person_id}"


class LinkAct(models.Model):
    """One thing that was done through a personal link: confirmed by mail, and undone from there if it was a mistake.

    `key` names the act and its undo ('seat.step_back'), `object_id` the thing.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="link_acts")
    link = models.ForeignKey(PersonalLink, on_delete=models.PROTECT, related_name="acts")
    key = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "space": Privacy.SYSTEM,
        "link": Privacy.SYSTEM,
        "key": Privacy.CONVENERS,
        "object_id": Privacy.SYSTEM,
        "at": Privacy.CONVENERS,
        "undone_at": Privacy.CONVENERS,
    }

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return self.key


class ConsoleToken(models.Model):
    """A one-time secret that was told on the console of the machine: to set the first team up, or to sign one user in
    when mail does not work. Only its SHA-256 is kept.
    """

    class Purpose(models.TextChoices):
        SET_UP = "set_up"
        SIGN_IN = "sign_in"

    token_hash = models.CharField(max_length=64, unique=True)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="console_tokens")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "token_hash": Privacy.SYSTEM,
        "purpose": Privacy.SYSTEM,
        "user": Privacy.SYSTEM,
        "made_at": Privacy.SYSTEM,
        "expires_at": Privacy.SYSTEM,
        "used_at": Privacy.SYSTEM,
    }

    def __str__(self) -> str:
        return self.purpose


class Bucket(models.Model):
    """How many tries are left under one key (a hash, never an address); see `accounts.limits`."""

    key = models.CharField(max_length=64, unique=True)
    tokens = models.FloatField()
    updated = models.FloatField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": Privacy.SYSTEM,
        "key": Privacy.SYSTEM,
        "tokens": Privacy.SYSTEM,
        "updated": Privacy.SYSTEM,
    }

    def __str__(self) -> str:
        return self.key[:12]
