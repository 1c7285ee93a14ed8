"""Places in live meetings: who holds one, and what the law says they may do. Written down a second time, not read from
the code under test: `PAGES`, `SEES` and `MAY` are the table of docs/live-meeting.md.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.links import hash_of
from sharedtable.meetings.models import Meeting, Participant
from sharedtable.wall import actions, debriefing, practicing
from sharedtable.wall.models import Board, Cluster
from sharedtable.wall.writer import Answer, Done, Submission, write

if TYPE_CHECKING:
    from tests.cast import Team
    from tests.security.actors import Visitor
    from tests.security.world import Mark

GUESTS = ("inner", "outer")
RUNS = ("facilitator", "scribe")
IN = (*GUESTS, *RUNS, "projector")
# Every kind of place: in the launch, at its door, shown out; in other meetings of the same team.
KINDS = (*IN, "waiting", "removed", "elsewhere", "in the debrief", "of the inner table in the debrief", "practicing")

# Which places a page of their own meeting answers.
PAGES: dict[str, tuple[str, ...]] = {
    "live": (*IN, "waiting"),
    "live-wall": IN,
    "live-console": RUNS,
    "live-help": ("facilitator",),
    "live-people": ("facilitator",),
    "live-write": (*IN, "waiting"),  # the writer turns away whoever may not, in words
    "live-debrief": ("facilitator",),
    "live-over": ("outer",),
    "live-carry": (),  # in a launch there is nothing to carry notes into
    "live-scribe": RUNS,
    "live-attendance": RUNS,
    "live-mark": (*IN, "waiting"),  # as with live-write
    "live-walk": RUNS,
    "live-check": ("facilitator",),
    "live-close": ("facilitator",),
    "live-thanks": IN,
    "live-next": IN,
    "live-product": IN,
}
# What of a board a line tells a place; whatever stands under "nobody" reaches no line at all.
SEES: dict[str, tuple[str, ...]] = {
    "public": IN,
    "area": IN,
    "signed": IN,
    "hidden": RUNS,
    "peer": RUNS,
    "people": RUNS,
    "waiting": RUNS,
    "private": (),
    "withdrawn": (),
}
# Which places may send a command at a launch.
MAY: dict[str, tuple[str, ...]] = {
    "note.add": ("inner", *RUNS),
    "note.add private": (*GUESTS, *RUNS),
    "note.edit": ("inner",),  # one's own card; nobody rewrites the words of somebody else
    "note.withdraw": ("inner", *RUNS),  # one's own card
    "champion.sign": ("inner", *RUNS),
    "champion.withdraw": ("inner", *RUNS),
    "peer.name": ("inner", *RUNS),
    "peer.withdraw": ("inner", *RUNS),  # one's own suggestion
    "participant.ask": (),
    "participant.admit": (),
    "participant.remove": (),
    "debrief.open": (),
    **dict.fromkeys(
        (
            "note.hide", "note.open", "note.tag", "note.park", "note.place", "cluster.create", "cluster.rename",
            "cluster.note", "cluster.merge", "cluster.remove", "suggestion.dismiss", "segment.start", "segment.extend",
            "segment.end", "stage.set", "quiet.start", "undo",
        ),
        ("facilitator",),
    ),
    "practice.set": (),  # a launch has no made-up firms to set going
    "mark.set": (),  # and no figures to mark
    **dict.fromkeys(("stop.open", "stop.reveal", "stop.hear", "meeting.freeze", "meeting.reopen"), ()),
    "date.say": ("inner",),
}  # fmt: skip
REFUSED = {"listening", "not_yours", "not_inner", "gone", "unreadable", "closed"}

_keys = itertools.count(1)
DAY = "2099-02-23T09:00"


def canary(team: Team, name: str) -> str:
    """A text in the log of a launch that is nowhere else."""
    return f"canary-{team.space.slug}-{name}-text"


def token_of(team: Team, kind: str) -> str:
    """The token of a place."""
    return f"token-of-{team.space.slug}-{kind.replace(' ', '-')}-0123456789"


def launch(team: Team) -> Meeting:
    """The launch of the team's first partnership."""
    return Meeting.objects.filter(space=team.space, partnership=team.partnership).order_by("pk")[0]


def send(meeting: Meeting, by: int, do: str, **given: Any) -> Answer:
    """One command."""
    board = actions.board_of(meeting)
    command = {"key": f"security-{next(_keys):08d}", "do": do, **given}
    return write(board.pk, [Submission(board.pk, by, [command])])[0][0]


def _sit(team: Team, meeting: Meeting, kind: str, role: str, table: str, **more: Any) -> Participant:
    now = timezone.now()
    given = {"admitted_at": now, **more}
    name = canary(team, {"inner": "signed", "outer": "people"}.get(kind, kind))
    place = Participant.objects.create(
        space=team.space, meeting=meeting, role=role, table=table, name=name, company="c", asked_at=now,
        token_hash=hash_of(token_of(team, kind)), **given,
    )  # fmt: skip
    actions.tell(meeting, "participant.admit" if place.admitted_at else "participant.ask", [place])
    return place


def fill(team: Team, meeting: Meeting) -> None:
    """People in every kind of place, and one of everything on the wall of the launch."""
    now = timezone.now()
    by = Actor("operator", space=team.space, roles=frozenset({"admin", "convener"}))
    inner = _sit(team, meeting, "inner", "participant", "inner")
    outer = _sit(team, meeting, "outer", "partner", "outer")
    fay = _sit(team, meeting, "facilitator", "facilitator", "outer")
    _sit(team, meeting, "scribe", "scribe", "outer")
    _sit(team, meeting, "projector", "projector", "outer")
    _sit(team, meeting, "waiting", "participant", "inner", admitted_at=None)
    _sit(team, meeting, "removed", "participant", "inner", removed_at=now)

    def number(by: int, do: str, **given: Any) -> int:
        answer = send(meeting, by, do, **given)
        assert isinstance(answer, Done), (do, answer)
        return answer.number

    number(fay.pk, "segment.start", segment="requirements", minutes=240)
    number(inner.pk, "note.add", text=canary(team, "public"))
    number(inner.pk, "note.withdraw", note=number(inner.pk, "note.add", text=canary(team, "withdrawn")))
    number(fay.pk, "note.hide", notes=[number(inner.pk, "note.add", text=canary(team, "hidden"))])
    number(outer.pk, "note.add", text=canary(team, "private"), private=True)
    area = number(fay.pk, "cluster.create", title=canary(team, "area"))
    number(fay.pk, "cluster.create", title="Second")
    number(fay.pk, "stage.set", set={"signup": "all"})
    number(fay.pk, "stage.set", set={"dates": [DAY], "zone": "America/New_York"})
    number(inner.pk, "champion.sign", cluster=area)
    number(inner.pk, "peer.name", name=canary(team, "peer"))

    there, _token = debriefing.open_debrief(by=fay)
    over, _token = debriefing.go_over(by=outer)
    Participant.objects.filter(pk=over.pk).update(token_hash=hash_of(token_of(team, "in the debrief")))
    send(there.meeting, there.pk, "segment.start", segment="heard")
    send(there.meeting, over.pk, "note.add", text="heard")
    send(there.meeting, there.pk, "cluster.create", title="heard")
    # No door of the program makes such a row; whoever gets hold of the database may.
    _sit(team, there.meeting, "of the inner table in the debrief", "participant", "inner")
    other = _elsewhere(team)
    actions.board_of(other)
    _sit(team, other, "elsewhere", "facilitator", "outer")
    practice = practicing.begin(by=by, partnership=team.partnership, language="en", seed=1)
    _sit(team, practice, "practicing", "facilitator", "outer")


def _elsewhere(team: Team) -> Meeting:
    """Another meeting of the team, to which nothing of the launch belongs."""
    now = timezone.now()
    return Meeting.objects.create(
        space=team.space, partnership=team.partnership, title="t", run="brainstorm", starts_at=now, made_at=now,
        made_by="operator",
    )  # fmt: skip


def everybody(team: Team) -> list[tuple[str, int, str, set[int]]]:
    """Kind, meeting, token and numbers of each place of a team."""
    found = []
    for kind in KINDS:
        token = token_of(team, kind)
        place = Participant.objects.get(token_hash=hash_of(token))
        found.append((kind, place.meeting_id, token, {place.pk, place.came_from_id or place.pk}))
    return found


# What the room agreed on, and the slide with the facts of its sector: everybody who is in gets them. Never who wrote a
# card, never who is missing, never why a meeting was opened again.
PAPERS = (
    "partnerships.Partnership.name", "partnerships.Scope.region_name", "partnerships.Scope.sector_name",
    "meetings.Meeting.place", "plans.Priority.title", "plans.Priority.said", "plans.Champion.name",
    "plans.Champion.company", "plans.Shelved.title", "plans.Shelved.said", "plans.Card.text", "plans.Card.area",
    "plans.Card.answers", "plans.Closing.companies",
)  # fmt: skip


def _partnership(visitor: Visitor) -> int:
    return Meeting.objects.values_list("partnership_id", flat=True).get(pk=visitor.sits_in)


def may_read(visitor: Visitor, mark: Mark) -> bool:
    """Which marks the pages of a live meeting may show to a place."""
    if visitor.place in ("removed", "of the inner table in the debrief"):
        return False
    if mark.place_id in visitor.places and mark.of.startswith(
        ("wall.Note.text", "meetings.Participant.", "wall.SignUp")
    ):
        return True
    if visitor.place != "waiting" and mark.of.startswith(PAPERS) and mark.partnership_id == _partnership(visitor):
        return True
    if mark.meeting_id != visitor.sits_in:
        return False
    seen = ["meetings.Meeting.title"]
    if visitor.place != "waiting":
        seen += ["wall.Cluster.", "wall.SignUp."]
        if mark.of == "wall.Note.text":
            return True
    return mark.of.startswith(tuple(seen))


def command(team: Team, do: str) -> dict[str, Any]:
    """A command of that kind that would happen if its sender were allowed to send it."""
    board = Board.objects.get(meeting=launch(team))
    first, second = Cluster.objects.filter(board=board).order_by("number")
    public = board.notes.filter(is_private=False, is_hidden=False, is_withdrawn=False).order_by("number")[0]
    hidden = board.notes.get(is_hidden=True)
    signer = Participant.objects.get(token_hash=hash_of(token_of(team, "inner"))).pk
    do, _blank, private = do.partition(" ")
    given: dict[str, dict[str, Any]] = {
        "note.add": {"text": "t", "private": True} if private else {"text": "t", "for": canary(team, "signed")},
        "note.edit": {"note": public.number, "text": "t", "base": public.version},
        "note.withdraw": {"note": public.number},
        "note.hide": {"notes": [public.number]},
        "note.open": {"notes": [hidden.number]},
        "note.tag": {"note": public.number, "tags": ["talent"]},
        "note.park": {"note": public.number, "parked": "ours"},
        "note.place": {"note": public.number, "cluster": first.number},
        "cluster.create": {"title": "t"},
        "cluster.rename": {"cluster": first.number, "title": "t", "base": first.version},
        "cluster.note": {"cluster": first.number, "notes": "t", "base": first.version},
        "cluster.merge": {"cluster": second.number, "into": first.number, "base": second.version},
        "cluster.remove": {"cluster": second.number},
        "suggestion.dismiss": {"note": public.number, "cluster": first.number},
        "champion.sign": {"cluster": second.number, "participant": signer},
        "champion.withdraw": {"cluster": first.number, "participant": signer},
        "peer.name": {"name": "t", "participant": signer},
        "peer.withdraw": {"peer": board.peers.get().number},
        "segment.start": {"segment": "welcome"},
        "segment.extend": {"minutes": 5},
        "stage.set": {"set": {"hides": True}},
        "undo": {"n": second.number},
        "participant.ask": {"people": []},
        "participant.admit": {"people": []},
        "participant.remove": {"people": []},
        "debrief.open": {"meeting": 1},
        "date.say": {"dates": [DAY]},
        "practice.set": {"on": True, "pace": 1, "begin": {"on": True}},
    }
    return {"key": f"security-{next(_keys):08d}", "do": do, **given.get(do, {})}
