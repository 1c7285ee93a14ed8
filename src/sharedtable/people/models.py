"""People, organisations, who belongs where from when to when, and where each word of it came from."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from sharedtable.accounts.models import Space
from sharedtable.privacy import Privacy

SYSTEM, PUBLIC, TEAM, CONVENERS, NAMED = Privacy.SYSTEM, Privacy.PUBLIC, Privacy.TEAM, Privacy.CONVENERS, Privacy.NAMED
# What stands in lists: neither put away, nor erased, nor joined to another entry.
AWAY = ("archived_at", "erased_at", "merged_into")  # in the indexes too: SQLite reads them there, not in the rows
BY_TITLE = ("space", "name", "id", "search_text")
BY_NAME = ("space", "family_name", "given_name")
LISTED = models.Q(archived_at=None, erased_at=None, merged_into=None)


class Organisation(models.Model):
    """A company, a support partner or a community organisation.

    `agency`: whose list this entry belongs to (None: the team's own). `merged_into`: this entry was joined to another;
    it stays, so that the join can be undone and old links lead on. `version`: two edits do not overwrite each other.
    """

    class Kind(models.TextChoices):
        BUSINESS = "business", _("Company")
        SUPPORT = "support", _("Support partner")
        COMMUNITY = "community", _("Community organization")

    class System(models.TextChoices):
        WORKFORCE = "workforce", _("Workforce")
        EDUCATION = "education", _("Education")
        ECONOMIC = "economic_development", _("Economic development")
        COMMUNITY = "community", _("Community")
        LABOR = "labor", _("Labor")
        ELECTED = "elected", _("Elected and government")

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="organisations")
    agency = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="kept")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.BUSINESS)
    name = models.CharField(max_length=200)
    system = models.CharField(max_length=24, choices=System.choices, blank=True)
    # One of the types in the method's directory (A14), such as 'community_college'.
    partner_type = models.CharField(max_length=40, blank=True)
    website = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    street = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    state_code = models.CharField(max_length=2, blank=True)
    zip_code = models.CharField(max_length=10, blank=True)
    county_code = models.CharField(max_length=5, blank=True)
    naics_code = models.CharField(max_length=6, blank=True)
    employees = models.PositiveIntegerField(null=True, blank=True)
    is_member_of_group = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="group_members"
    )
    registry_number = models.CharField(max_length=40, blank=True)
    # What it convenes already, and whether it understands and backs the way of working (B16); credibility with the
    # industry and buy-in, 1 to 5 (B17).
    convenes = models.TextField(blank=True)
    understands_model = models.BooleanField(null=True)
    is_committed = models.BooleanField(null=True)
    credibility_rating = models.PositiveSmallIntegerField(null=True, blank=True)
    buy_in_rating = models.PositiveSmallIntegerField(null=True, blank=True)
    notes = models.TextField(blank=True)
    source = models.CharField(max_length=120, blank=True)
    search_text = models.CharField(max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    archived_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "agency": TEAM, "kind": TEAM, "name": TEAM, "system": TEAM, "partner_type": TEAM,
        "website": TEAM, "phone": CONVENERS, "street": TEAM, "city": TEAM, "state_code": TEAM, "zip_code": TEAM,
        "county_code": TEAM, "naics_code": TEAM, "employees": CONVENERS, "is_member_of_group": TEAM,
        "registry_number": CONVENERS, "convenes": TEAM, "understands_model": CONVENERS, "is_committed": CONVENERS,
        "credibility_rating": CONVENERS, "buy_in_rating": CONVENERS, "notes": CONVENERS, "source": TEAM,
        "search_text": SYSTEM, "version": SYSTEM, "made_at": TEAM, "changed_at": TEAM, "merged_into": SYSTEM,
        "archived_at": TEAM, "erased_at": TEAM,
    }  # fmt: skip

    class Meta:
        ordering = ("name", "id")
        indexes = (
            models.Index(fields=("space", "name"), name="organisations_by_name"),
            models.Index(fields=("space", "kind", "name"), name="organisations_by_kind"),
            models.Index(fields=(*BY_TITLE, *AWAY), condition=LISTED, name="organisations_listed"),
        )

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody in the record. Where they work, from when to when, is a `Membership`.

    `self_described` holds only what a person chose to say about themselves (by their own link), never a guess.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="people")
    agency = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="people_kept"
    )
    given_name = models.CharField(max_length=80, blank=True)
    family_name = models.CharField(max_length=80, blank=True)
    name = models.CharField(max_length=160)
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    mobile = models.CharField(max_length=40, blank=True)
    assistant = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=5, default="en")
    self_described = models.JSONField(default=dict, blank=True)
    shows_contact = models.BooleanField(default=False)
    notes = models.TextField(blank=True)
    source = models.CharField(max_length=120, blank=True)
    # Both are kept by `people.search`: words to find (never an address: a hit would tell), and codes to filter by.
    search_text = models.CharField(max_length=400, blank=True)
    facets = models.CharField(max_length=400, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    archived_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    # A reason not to erase: a records request or a court. It shows to whoever tries.
    legal_hold = models.CharField(max_length=200, blank=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "agency": TEAM, "given_name": TEAM, "family_name": TEAM, "name": TEAM,
        "email": CONVENERS, "phone": CONVENERS, "mobile": CONVENERS, "assistant": CONVENERS, "language": CONVENERS,
        "self_described": NAMED, "shows_contact": SYSTEM, "notes": CONVENERS, "source": CONVENERS,
        "search_text": SYSTEM, "facets": SYSTEM, "version": SYSTEM, "made_at": TEAM, "changed_at": TEAM,
        "merged_into": SYSTEM, "archived_at": TEAM, "erased_at": TEAM, "legal_hold": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("family_name", "given_name", "id")
        verbose_name_plural = "people"
        indexes = (
            models.Index(fields=BY_NAME, name="people_by_name"),
            # With the number itself, so that PostgreSQL finds a page far down in the index alone.
            models.Index(fields=(*BY_NAME, "id", *AWAY), condition=LISTED, name="people_in_order"),
            # A search walks through this index alone: in order of names, with all that search and filters look at.
            models.Index(
                fields=(*BY_NAME, "id", "search_text", "facets", "email", *AWAY), condition=LISTED, name="people_listed"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person belongs to an organisation, with a title, from a day to a day. A change of employer ends one and begins
    another; nothing is overwritten. `can_commit`: may promise the organisation's time or money (A28)."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    title = models.CharField(max_length=160, blank=True)
    is_main = models.BooleanField(default=True)
    can_commit = models.BooleanField(null=True)
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "person": TEAM, "organisation": TEAM, "title": TEAM, "is_main": SYSTEM,
        "can_commit": CONVENERS, "started_on": TEAM, "ended_on": TEAM, "source": CONVENERS, "made_at": SYSTEM,
    }  # fmt: skip

    class Meta:
        ordering = ("-is_main", "-started_on", "-id")
        indexes = (
            models.Index(fields=("organisation", "ended_on"), name="members_of_organisation"),
            models.Index(fields=("person", "ended_on"), name="memberships_of_person"),
        )

    def __str__(self) -> str:
        return f"{self.person} at {self.organisation}"


class FieldSource(models.Model):
    """Where one value of one field came from: which list, which agency, which import, when. Older ones stay."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="field_sources")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="field_sources")
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.CASCADE, related_name="field_sources")
    field = models.CharField(max_length=40)
    value = models.CharField(max_length=400)
    source = models.CharField(max_length=120)
    agency = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="field_sources_given")
    import_number = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "person": SYSTEM, "organisation": SYSTEM, "field": CONVENERS, "value": CONVENERS,
        "source": CONVENERS, "agency": CONVENERS, "import_number": SYSTEM, "at": CONVENERS,
    }  # fmt: skip

    refers: ClassVar[dict[str, str]] = {"import_number": "people.Import"}

    class Meta:
        ordering = ("-at", "-id")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(person=None) ^ models.Q(organisation=None), name="source_of_one_thing"
            ),
        )

    def __str__(self) -> str:
        return f"{self.field} from {self.source}"


class ShownTo(models.TextChoices):
    """Who may see a tie: whoever told it chooses. The further down, the more."""

    ME = "me", _("Only me")
    AGENCY = "agency", _("My organization")
    CONVENERS = "conveners", _("My organization and the conveners")
    TEAM = "team", _("The whole support team")


class Tie(models.Model):
    """Who knows whom, and how well (1 met once … 3 calls back the same day): an agency, or one person in it.

    `note` is for the agency that wrote it alone. `shown_to`: who sees the tie; `level` follows from it (see
    `tie_reach`). `source`: where it was told, such as the list of a link.
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="ties")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="known_by")
    agency = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ties")
    known_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="knows")
    strength_rating = models.PositiveSmallIntegerField(default=1)
    note = models.TextField(blank=True)
    shown_to = models.CharField(max_length=10, choices=ShownTo.choices, default=ShownTo.CONVENERS)
    level = models.CharField(max_length=10, default=Privacy.CONVENERS)
    source = models.CharField(max_length=20, blank=True)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "person": CONVENERS, "agency": CONVENERS, "known_by": CONVENERS,
        "strength_rating": CONVENERS, "note": NAMED, "shown_to": CONVENERS, "level": SYSTEM, "source": CONVENERS,
        "made_by": NAMED, "made_at": CONVENERS, "ended_at": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("-strength_rating", "id")

    def __str__(self) -> str:
        return f"{self.agency} knows {self.person}"


class Evidence(models.Model):
    """A private judgement of a convener about a person: a champion test met or not, a trait seen, with what was seen.

    `key` names the test or trait in the method's data (A07, A08).
    """

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="evidence")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="evidence")
    key = models.CharField(max_length=40)
    is_met = models.BooleanField(null=True)
    text = models.TextField(blank=True)
    made_by = models.CharField(max_length=40)
    made_at = models.DateTimeField()

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "person": CONVENERS, "key": CONVENERS, "is_met": CONVENERS, "text": NAMED,
        "made_by": NAMED, "made_at": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("-made_at", "-id")
        verbose_name_plural = "evidence"

    def __str__(self) -> str:
        return f"{self.key} of {self.person}"


class Consent(models.Model):
    """What a person agreed to or withdrew, when, and by which words."""

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="consents")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    # 'contact_shown', 'listed_as_member', 'news', 'hand_over' and so on.
    key = models.CharField(max_length=40)
    is_given = models.BooleanField()
    how = models.CharField(max_length=200)
    at = models.DateTimeField()
    by = models.CharField(max_length=40)

    privacy: ClassVar[dict[str, Privacy]] = {
        "id": SYSTEM, "space": SYSTEM, "person": CONVENERS, "key": CONVENERS, "is_given": CONVENERS, "how": CONVENERS,
        "at": CONVENERS, "by": CONVENERS,
    }  # fmt: skip

    class Meta:
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return f"{self.key}: {'given' if self.is_given else 'withdrawn'}"


from sharedtable.people import ask_models as ask_models  # noqa: E402 - so that Django finds them
from sharedtable.people import import_models as import_models  # noqa: E402 - so that Django finds them
from sharedtable.people import list_models as list_models  # noqa: E402
from sharedtable.people import told_models as told_models  # noqa: E402
