"""The live lines of a running server: who gets in, what they get, what happens to whoever cheats or goes away."""

from __future__ import annotations

import http.client
import json
import socket
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks.live_server import Server
from tests.wall.own_database import own_database

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with own_database() as database, Server(phones=12, core=None, database=database) as running:
        yield running


def ask(server: Server, token: str, line: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """One request as a browser in that place sends it; gives status and JSON."""
    connection = http.client.HTTPConnection(*server.address, timeout=30)
    meeting = server.seeded.meeting
    given = {
        "Cookie": f"place-{meeting}={token}",
        "Origin": f"http://{server.address[0]}:{server.address[1]}",
        **headers,
    }
    sent = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    connection.request("GET" if sent is None else "POST", f"/live/{meeting}/{line}", sent, given)
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    return answer.status, json.loads(text) if text.startswith(b"{") else text


def command(do: str, **given: Any) -> dict[str, Any]:
    return {"key": uuid.uuid4().hex, "do": do, **given}


def send(server: Server, token: str, *commands: dict[str, Any]) -> list[dict[str, Any]]:
    status, said = ask(server, token, "events", {"commands": list(commands)})
    assert status == 200, said
    return said["answers"]


def stream(server: Server, token: str, **given: Any) -> socket.socket:
    line = socket.create_connection(server.address)
    line.settimeout(20)
    line.sendall(server.stream_request(token, **given))
    return line


def until(line: socket.socket, word: bytes, so_far: bytes = b"") -> bytes:
    while word not in so_far:
        if not (part := line.recv(65536)):
            raise AssertionError(f"the stream ended before {word!r}: {so_far[-300:]!r}")
        so_far += part
    return so_far


def test_a_card_is_on_the_screen_after_its_answer_and_the_stream_goes_on_where_it_stopped(server):
    screen, phone = server.seeded.tokens["projector"][0], server.seeded.tokens["phone"][0]
    with stream(server, screen) as line:
        first = until(line, b"event: board")
        [answer] = send(server, phone, command("note.add", text="Robots for small shops"))
        until(line, b"Robots for small shops", first)
    [second] = send(server, phone, command("note.add", text="While nobody looked"))
    with stream(server, screen, after=answer["n"]) as line:
        got = until(line, b"While nobody looked")
        assert b"Robots for small shops" not in got
        assert f'"after":{answer["n"]},"to":{second["n"]}'.encode() in got


def test_the_same_press_sent_twice_is_one_card_with_one_number(server):
    phone = server.seeded.tokens["phone"][1]
    press = command("note.add", text="Pressed once")
    assert send(server, phone, press)[0]["n"] == send(server, phone, press, press)[1]["n"]


@pytest.mark.parametrize(
    "do",
    ["note.add", "note.place", "cluster.create", "champion.sign", "peer.name", "segment.start", "stage.set", "undo",
     "participant.admit"],
)  # fmt: skip
def test_a_partner_who_cheats_by_raw_requests_changes_nothing(server, do):
    partner, fay = server.seeded.tokens["partner"][0], server.seeded.tokens["facilitator"][0]
    before = ask(server, fay, "events?after=0")[1]["data"]["set"]
    everything = {"text": "Ours", "note": 3, "cluster": 1, "title": "Ours", "name": "Us", "segment": "welcome",
                  "set": {"hides": True}, "n": 2, "people": [], "role": "facilitator", "table": "inner"}  # fmt: skip
    assert send(server, partner, command(do, **everything))[0]["turned"] in ("listening", "not_yours")
    assert ask(server, fay, "events?after=0")[1]["data"]["set"] == before


def test_a_partner_gets_the_wall_and_never_what_is_for_those_who_run_the_meeting(server):
    partner = server.seeded.tokens["partner"][1]
    for view in ("", "wall", "stage", "facilitator", "people"):
        said = ask(server, partner, f"events?after=0&view={view}")[1]["data"]["set"]
        assert not said.keys() & {"people", "peers", "steps", "dismissed"}
        assert "author" not in json.dumps(said)


def test_a_private_note_is_sent_to_nobody(server):
    partner = server.seeded.tokens["partner"][0]
    assert "n" in send(server, partner, command("note.add", text="zq7-private-canary", private=True))[0]
    for places in server.seeded.tokens.values():
        assert "zq7-private-canary" not in json.dumps(ask(server, places[0], "events?after=0")[1])


def test_who_has_no_place_learns_nothing(server):
    other = server.seeded.tokens["phone"][0]
    meeting = server.seeded.meeting
    for line in ("events", "stream", "me"):
        assert ask(server, "wrong", line)[0] == 404
    connection = http.client.HTTPConnection(*server.address)
    connection.request("GET", f"/live/{meeting + 1}/me", headers={"Cookie": f"place-{meeting + 1}={other}"})
    assert connection.getresponse().status == 404


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        ({"commands": []}, {}, 400),
        ({"commands": [{}] * 21}, {}, 400),
        ({"commands": [1]}, {}, 400),
        (b"not json", {}, 400),
        (b"[" * 50_000, {}, 400),
        (b'{"commands":"' + b"x" * 70_000 + b'"}', {}, 413),
        ({"commands": [{"key": "k" * 12, "do": "note.add"}]}, {"Origin": "http://evil.example"}, 403),
        ({"commands": [{"key": "k" * 12, "do": "note.add"}]}, {"Host": "evil.example"}, 400),
    ],
)
def test_what_cannot_be_read_or_comes_from_elsewhere_is_refused(server, body, headers, status):
    assert ask(server, server.seeded.tokens["phone"][2], "events", body, **headers)[0] == status


def test_a_request_cut_in_the_middle_asks_for_nothing(server):
    from benchmarks.live_server import post_request

    phone, screen = server.seeded.tokens["phone"][3], server.seeded.tokens["projector"][0]
    request = post_request(server.seeded.meeting, phone, [command("note.add", text="cut-in-the-middle")])
    with socket.create_connection(server.address) as line:
        line.sendall(request[:-9])
    time.sleep(0.3)
    assert "cut-in-the-middle" not in json.dumps(ask(server, screen, "events?after=0")[1])


def test_who_asks_without_a_stream_waits_for_news_and_gets_it(server):
    screen, phone = server.seeded.tokens["projector"][0], server.seeded.tokens["phone"][4]
    number = ask(server, screen, "events?after=0")[1]["data"]["to"]
    with socket.create_connection(server.address) as line:
        line.settimeout(10)
        line.sendall(server.stream_request(screen, after=number).replace(b"/stream?", b"/events?"))
        time.sleep(0.3)
        send(server, phone, command("note.add", text="News for the patient"))
        assert b'"event":"change"' in until(line, b"News for the patient")


def test_a_phone_gets_counters_instead_of_the_wall_until_it_asks_for_it(server):
    phone = server.seeded.tokens["phone"][5]
    send(server, phone, command("note.add", text="Only on the wall"))
    assert "Only on the wall" not in json.dumps(ask(server, phone, "events?after=0&view=stage")[1])
    assert "Only on the wall" in json.dumps(ask(server, phone, "events?after=0&view=wall")[1])


def test_a_screen_that_stops_reading_holds_up_nobody_and_costs_no_memory(server):
    phone, screen = server.seeded.tokens["phone"], server.seeded.tokens["projector"][0]
    stuck = [stream(server, screen) for _ in range(20)]
    for line in stuck:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2_048)
    with stream(server, screen) as reads:
        until(reads, b"event: board")
        before, took = server.memory_mb(), []
        for number in range(60):
            began = time.monotonic()
            send(server, phone[number % 12], command("note.add", text=f"burst {number} " + "x" * 1_500))
            until(reads, f"burst {number} ".encode())
            took.append(time.monotonic() - began)
    for line in stuck:
        line.close()
    assert sorted(took)[len(took) // 2] < 0.5
    assert server.memory_mb() - before < 30


def test_everybody_who_sends_at_once_is_answered_and_shown(server):
    import concurrent.futures

    phone = server.seeded.tokens["phone"]
    with concurrent.futures.ThreadPoolExecutor(40) as pool:
        found = list(
            pool.map(lambda n: send(server, phone[n % 12], command("note.add", text=f"at once {n}"))[0]["n"], range(80))
        )
    assert len(set(found)) == 80
    shown = ask(server, server.seeded.tokens["projector"][0], "events?after=0")[1]["data"]["set"]["notes"]
    assert {f"at once {n}" for n in range(80)} <= {note["text"] for note in shown.values()}


def test_one_place_that_floods_is_slowed_and_its_neighbours_behind_the_same_address_are_not(server):
    flood, neighbour = server.seeded.tokens["phone"][6], server.seeded.tokens["phone"][7]
    found = {
        ask(server, flood, "events", {"commands": [command("note.edit", note=1) for _ in range(20)]})[0]
        for _ in range(8)
    }
    assert 429 in found
    assert "n" in send(server, neighbour, command("note.add", text="Not slowed"))[0]


def test_who_is_shown_out_is_off_the_line_within_five_seconds(server):
    fay, phone = server.seeded.tokens["facilitator"][0], server.seeded.tokens["phone"][11]
    place = ask(server, phone, "me")[1]["place"]
    with stream(server, phone) as line:
        until(line, b"event: board")
        page = http.client.HTTPConnection(*server.address)
        meeting, origin = server.seeded.meeting, f"http://{server.address[0]}:{server.address[1]}"
        page.request("GET", f"/live/{meeting}/console", headers={"Cookie": f"place-{meeting}={fay}"})
        answer = page.getresponse()
        crumb = answer.getheader("set-cookie").split(";")[0]
        token = answer.read().decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        page.request(
            "POST", f"/live/{meeting}/people", f"do=show_out&number={place}&csrfmiddlewaretoken={token}",
            {"Cookie": f"place-{meeting}={fay}; {crumb}", "Origin": origin, "Accept": "application/json",
             "Content-Type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        assert page.getresponse().status == 200
        began = time.monotonic()
        assert (
            ask(server, phone, "events", {"commands": [command("note.add", text="Still here")]})[1]
            in ({"turned": "gone"},)
            or send(server, phone, command("note.add", text="Still here"))[0]["turned"] == "not_yours"
        )
        with pytest.raises((AssertionError, OSError)):
            until(line, b"never said")
        assert time.monotonic() - began < 5.5
