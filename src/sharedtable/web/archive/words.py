"""The history in plain words: what a verb of the record means, and what the things are called.

A verb is a kind and a doing ('person.add'). Known ones have a sentence; of any other the doing and the kind make one.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Text = str | Promise

SENTENCES: dict[str, Text] = {
    "letter.queue": gettext_lazy("put a letter into the outbox"),
    "letter.send": gettext_lazy("handed a letter over"),
    "letter.fail": gettext_lazy("could not send a letter"),
    "letter.lose": gettext_lazy("does not know whether a letter left"),
    "letter.stop": gettext_lazy("held a letter back, because its maker may not send it any more"),
    "letter.suppress": gettext_lazy("did not send a letter to somebody who gets no mail"),
    "letter.cancel": gettext_lazy("called a letter back"),
    "letter.again": gettext_lazy("sent a letter again"),
    "letter.arrived": gettext_lazy("said that a letter arrived"),
    "letter.draft": gettext_lazy("took a letter along as a draft"),
    "letter.bounce": gettext_lazy("took in a letter that came back"),
    "mail.stop": gettext_lazy("stopped mail to an address"),
    "mail.stop.undo": gettext_lazy("took back that mail should stop"),
    "mail.allow": gettext_lazy("let mail go to an address again"),
    "link.make": gettext_lazy("made a personal link"),
    "link.revoke": gettext_lazy("ended personal links"),
    "meeting.freeze": gettext_lazy("closed a meeting for good"),
    "meeting.reopen": gettext_lazy("opened a closed meeting again"),
    "meeting.unset": gettext_lazy("took back the dates that a meeting had started"),
    "turning_point.mark": gettext_lazy("marked a turning point"),
    "turning_point.change": gettext_lazy("changed a turning point"),
    "turning_point.take_back": gettext_lazy("took back a turning point"),
    "shelf.let_go": gettext_lazy("let an area of the shelf go"),
    "shelf.put_back": gettext_lazy("put an area back on the shelf"),
    "shelf.take_up": gettext_lazy("took up an area of the shelf"),
    "closing.attendance": gettext_lazy("wrote down who was at a meeting"),
    "priorities.write": gettext_lazy("wrote down the priorities of a meeting"),
    "champions.write": gettext_lazy("wrote down the champions of a meeting"),
    "shelf.write": gettext_lazy("put areas without a champion on the shelf"),
    "cards.write": gettext_lazy("wrote down the cards of a meeting"),
    "tasks.write": gettext_lazy("wrote down what is to be done after a meeting"),
    "priority.correct": gettext_lazy("corrected a priority"),
    "priority.champion_on": gettext_lazy("added a champion to a priority"),
    "priority.champion_off": gettext_lazy("took a champion off a priority"),
    "task.begin": gettext_lazy("put a task on the list"),
    "task.link": gettext_lazy("found somebody who is missing in the record"),
    "task.add": gettext_lazy("brought somebody who is missing into the record"),
    "task.invite": gettext_lazy("drafted an invitation"),
    "task.done": gettext_lazy("said that a task is done"),
    "task.dropped": gettext_lazy("put a task off"),
    "deadline.add": gettext_lazy("put a date on the clock"),
    "deadline.change": gettext_lazy("changed a date on the clock"),
    "deadline.done": gettext_lazy("said that a date on the clock is done"),
    "backup.make": gettext_lazy("made a backup"),
    "backup.restore": gettext_lazy("brought back a backup"),
}
DOINGS: dict[str, Text] = {
    "add": gettext_lazy("added"),
    "make": gettext_lazy("made"),
    "edit": gettext_lazy("changed"),
    "change": gettext_lazy("changed"),
    "set": gettext_lazy("set"),
    "save": gettext_lazy("kept"),
    "remove": gettext_lazy("removed"),
    "delete": gettext_lazy("removed"),
    "archive": gettext_lazy("put away"),
    "restore": gettext_lazy("brought back"),
    "merge": gettext_lazy("joined"),
    "unmerge": gettext_lazy("parted again"),
    "split": gettext_lazy("parted again"),
    "erase": gettext_lazy("erased"),
    "hold": gettext_lazy("put on hold"),
    "release": gettext_lazy("released"),
    "import": gettext_lazy("brought in"),
    "export": gettext_lazy("took out"),
    "grant": gettext_lazy("gave"),
    "revoke": gettext_lazy("took away"),
    "end": gettext_lazy("ended"),
    "start": gettext_lazy("began"),
    "open": gettext_lazy("opened"),
    "close": gettext_lazy("closed"),
    "fill": gettext_lazy("filled"),
    "move": gettext_lazy("moved"),
    "undo": gettext_lazy("took back"),
    "send": gettext_lazy("sent"),
    "step_back": gettext_lazy("stepped back from"),
    "confirm": gettext_lazy("confirmed"),
    "share": gettext_lazy("shared"),
}
THINGS: dict[str, Text] = {
    "person": gettext_lazy("a person"),
    "organisation": gettext_lazy("an organization"),
    "membership": gettext_lazy("where somebody works"),
    "tie": gettext_lazy("who knows whom"),
    "note": gettext_lazy("a note"),
    "consent": gettext_lazy("a consent"),
    "segment": gettext_lazy("a saved list"),
    "import": gettext_lazy("a list that was brought in"),
    "merge": gettext_lazy("two entries that are the same"),
    "partnership": gettext_lazy("a partnership"),
    "stage": gettext_lazy("the stage"),
    "scope": gettext_lazy("the scope"),
    "seat": gettext_lazy("a seat"),
    "decision": gettext_lazy("a decision"),
    "space": gettext_lazy("the team's settings"),
    "grant": gettext_lazy("a role"),
    "user": gettext_lazy("an account"),
    "link": gettext_lazy("a personal link"),
    "act": gettext_lazy("something done by link"),
    "letter": gettext_lazy("a letter"),
    "letters": gettext_lazy("letters"),
    "suppression": gettext_lazy("who gets no mail"),
    "definition": gettext_lazy("a region or sector"),
    "export": gettext_lazy("a file"),
    "archive": gettext_lazy("everything in one file"),
    "backup": gettext_lazy("a backup"),
}
ACTORS: dict[str, Text] = {
    "operator": gettext_lazy("Whoever runs this machine"),
    "worker": gettext_lazy("The program"),
    "visitor": gettext_lazy("A visitor"),
}


def doing(verb: str, kind: str) -> str:
    """What was done, to follow a name: "added a person"."""
    if verb in SENTENCES:
        return str(SENTENCES[verb])
    is_undone = verb.endswith(".undo")
    plain = verb.removesuffix(".undo")
    if is_undone and plain in SENTENCES:
        return _("took back: %(what)s") % {"what": SENTENCES[plain]}
    noun, _dot, act = plain.rpartition(".")
    said = _("%(did)s %(thing)s") % {
        "did": DOINGS.get(act) or DOINGS.get(act.partition("_")[0]) or act.replace("_", " "),
        "thing": thing(noun if noun in THINGS else kind),
    }
    return _("took back: %(what)s") % {"what": said} if is_undone else said


def thing(kind: str) -> str:
    """What a kind of thing is called."""
    return str(THINGS.get(kind) or kind.replace("_", " "))


def who(ref: str, name: str) -> str:
    """Who did it, when no name is known."""
    if name:
        return name
    kind = ref.partition(":")[0]
    if kind == "link":
        return _("Somebody with a personal link")
    return str(ACTORS.get(ref) or (_("An account that is gone") if kind == "user" else ref))
