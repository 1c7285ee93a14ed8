"""A data walk in a database, with the shipped example of facts: for the benchmark and the browser test of walks."""

from __future__ import annotations

WALK_SEED = """
import json, secrets, sys
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
from datetime import timedelta
from django.utils import timezone
from sharedtable.accounts.actors import actor_of_user
from sharedtable.accounts.links import hash_of
from sharedtable.accounts.models import Grant, Space, User
from sharedtable.lmi import example
from sharedtable.lmi.store import Store
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.method.guideposts import DATA_POINTS
from sharedtable.partnerships.models import Partnership
from sharedtable.studies.questions import Sector, default_region
from sharedtable.walks import actions, figures
from sharedtable.wall.actions import board_of
from sharedtable.wall.writer import Submission, write
phones, _notes = int(sys.argv[1]), int(sys.argv[2])
example.install(Store(settings.DATA, create=True))
now = timezone.now()
space = Space.objects.create(slug="bench", name="Bench", made_at=now)
user = User.objects.create_user(email="fay@example.org", name="Fay Facilitator")
Grant.objects.create(space=space, user=user, role="convener", granted_by="operator", granted_at=now)
by = actor_of_user(user, "bench")
partnership = Partnership.objects.create(space=space, slug="bench", name="Bench", made_at=now, made_by="operator")
meeting = Meeting.objects.create(space=space, partnership=partnership, run="data-walk", title="Data walk",
    starts_at=now, made_at=now, made_by="operator", seats=20_000, code="K7M2PQX", opens_at=now,
    closes_at=now + timedelta(hours=4))
walk = actions.set_up(by=by, meeting=meeting, version=0, region=default_region(),
    sectors=[Sector.of("3261"), Sector.of("3363"), Sector.of("6216")], measures=DATA_POINTS)
names = ["Ann Alvarez", "Bo Baker", "Cy Chen", "Dee Diaz", "Eli Evans", "Flo Fox", "Gus Gray", "Hal Hill"]
def places(role, table, count):
    tokens = [secrets.token_urlsafe(24) for _ in range(count)]
    Participant.objects.bulk_create([
        Participant(space=space, meeting=meeting, role=role, table=table,
            user_id=user.pk if role == "facilitator" else 0, name=names[n % 8] if n < 8 else f"{role} {n}",
            company="Lakeside Example" if table == "inner" else "College", token_hash=hash_of(token),
            asked_at=now, admitted_at=now) for n, token in enumerate(tokens)])
    return tokens
told = {"meeting": meeting.pk, "facilitator": places("facilitator", "outer", 1),
    "phone": places("participant", "inner", (phones + 1) // 2), "partner": places("partner", "outer", phones // 2),
    "projector": places("projector", "outer", 1), "stops": [one.id for one in figures.stops(walk, "en")]}
board = board_of(meeting)
people = [{"n": p.pk, "name": p.name, "company": p.company, "table": p.table, "role": p.role}
    for p in Participant.objects.filter(meeting=meeting)]
come = {"key": secrets.token_hex(16), "do": "participant.admit", "people": people}
write(board.pk, [Submission(board.pk, 0, [come])])
told["board"] = board.pk
print(json.dumps(told))
"""
