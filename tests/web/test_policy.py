"""Who may enter: every address has a rule, and the operator is only the person at this machine."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch, path, resolve, reverse

from sharedtable.web import checks, limits, policy
from sharedtable.web.policy import ROUTES
from sharedtable.web.rule import SMALL_BODY, Rule

HERE = "127.0.0.1:8000"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def request_with(method: str = "GET", **meta: str) -> HttpRequest:
    return RequestFactory().generic(method, "/", **{"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": HERE, **meta})


def test_every_address_has_a_rule_and_every_rule_an_address():
    assert checks.every_route_has_a_rule() == []
    assert {name for _, name in checks.routes()} == set(ROUTES)


def test_a_forgotten_rule_a_nameless_address_and_a_leftover_rule_stop_the_start(monkeypatch):
    from sharedtable.config import urls

    monkeypatch.setattr(urls, "urlpatterns", [*urls.urlpatterns, path("secret", lambda r: HttpResponse("x"))])
    monkeypatch.delitem(ROUTES, "style")
    monkeypatch.setitem(ROUTES, "gone", Rule("anyone"))
    from django.urls import clear_url_caches

    clear_url_caches()
    try:
        assert [error.id for error in checks.every_route_has_a_rule()] == [
            "sharedtable.E001",
            "sharedtable.E002",
            "sharedtable.E003",
        ]
    finally:
        monkeypatch.undo()
        clear_url_caches()


def test_an_address_without_a_rule_is_closed(visitor, monkeypatch):
    monkeypatch.delitem(ROUTES, "style")
    assert visitor.get("/style").status_code == 404


def test_no_rule_lets_get_and_a_writing_method_share_a_route_of_the_operator_with_anyone():
    # Signing in, the first set-up, and the one click of a mail program, whose token is the permission.
    open_to_all = {
        "language", "account_login", "account_confirm_login_code", "mfa_authenticate", "sign-in-link", "set-up",
        "openid_connect_login", "stop-at-once", "join", "join-code",
    }  # fmt: skip
    writable = {name for name, rule in ROUTES.items() if rule.who == "anyone" and set(rule.methods) - {"GET"}}
    assert writable == open_to_all


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ["home", "healthz", "language", "style"])
def test_a_method_that_the_rule_does_not_name_is_refused(visitor, name, method):
    response = visitor.generic(method, reverse(name))
    if method in ROUTES[name].allowed:
        assert response.status_code != 405
    else:
        assert response.status_code == 405
        assert response["Allow"] == ", ".join(sorted(ROUTES[name].allowed))


@pytest.mark.parametrize(
    "change",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_X_FORWARDED_HOST": "localhost"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_HOST": "rebound.example"},
        {"HTTP_HOST": "localhost.rebound.example:8000"},
        {"HTTP_HOST": "127.0.0.1.rebound.example"},
        {"HTTP_HOST": ""},
    ],
    ids=lambda change: " ".join(f"{key}={value or 'empty'}" for key, value in change.items()),
)
def test_the_operator_is_not_recognised_from_elsewhere(settings, change):
    settings.LOCAL = True
    assert policy.is_operator(request_with())
    assert not policy.is_operator(request_with(**change))


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
def test_the_operator_is_recognised_under_every_loopback_name(settings, address, host):
    settings.LOCAL = True
    assert policy.is_operator(request_with(REMOTE_ADDR=address, HTTP_HOST=host))


def test_there_is_no_operator_in_a_server_that_others_reach(settings):
    settings.LOCAL = False
    assert not policy.is_operator(request_with())


@pytest.mark.parametrize(
    ("meta", "allowed"),
    [
        ({"HTTP_ORIGIN": f"http://{HERE}"}, True),
        ({"HTTP_SEC_FETCH_SITE": "same-origin"}, True),
        ({}, False),
        ({"HTTP_ORIGIN": "null"}, False),
        ({"HTTP_ORIGIN": "http://evil.example"}, False),
        ({"HTTP_ORIGIN": f"https://{HERE}"}, False),
        ({"HTTP_ORIGIN": "http://127.0.0.1:9000"}, False),
        ({"HTTP_ORIGIN": "http://evil.example", "HTTP_SEC_FETCH_SITE": "same-origin"}, False),
        ({"HTTP_SEC_FETCH_SITE": "cross-site"}, False),
        ({"HTTP_SEC_FETCH_SITE": "same-site"}, False),
    ],
)
def test_the_operator_changes_things_only_from_our_own_pages(settings, meta, allowed):
    settings.LOCAL = True
    assert policy.may(request_with("POST", **meta), Rule("operator", ("POST",))) is allowed
    assert policy.may(request_with("GET", **meta), Rule("operator", ("GET",))) is True


def enter(request: HttpRequest, rule: Rule, monkeypatch) -> int:
    from django.http import Http404

    monkeypatch.setitem(ROUTES, "probe", rule)
    request.resolver_match = ResolverMatch(lambda r: None, (), {}, url_name="probe")
    try:
        answer = policy.PolicyMiddleware(lambda r: HttpResponse()).process_view(
            request, lambda r: HttpResponse(), (), {}
        )
    except Http404:
        return 404
    return 200 if answer is None else answer.status_code


def test_who_may_not_enter_gets_not_found_even_with_a_wrong_method(settings, monkeypatch):
    settings.LOCAL = True
    rule = Rule("operator", ("POST",))
    own = {"HTTP_ORIGIN": f"http://{HERE}"}
    assert enter(request_with("POST", **own), rule, monkeypatch) == 200
    assert enter(request_with("PUT", **own), rule, monkeypatch) == 405
    assert enter(request_with("PUT", REMOTE_ADDR="192.0.2.7", **own), rule, monkeypatch) == 404


def test_a_closed_page_looks_like_one_that_does_not_exist(visitor, monkeypatch):
    monkeypatch.setitem(ROUTES, "style", Rule("operator"))
    closed, absent = visitor.get("/style"), visitor.get("/absent")
    assert closed.status_code == absent.status_code == 404
    assert closed.content.replace(b"/style", b"/absent") == absent.content.replace(b"/style", b"/absent")


def test_a_body_may_be_long_only_where_the_rule_says_and_only_from_this_machine(monkeypatch):
    monkeypatch.setitem(ROUTES, "style", Rule("operator", ("POST",), body_bytes=1_000_000))
    assert resolve("/style").view_name == "style"
    assert limits.longest_body("/style", "127.0.0.1") == 1_000_000
    assert limits.longest_body("/style", "192.0.2.7") == SMALL_BODY
    assert limits.longest_body("/", "127.0.0.1") == SMALL_BODY
    assert limits.longest_body("/no-such-page", "127.0.0.1") == SMALL_BODY


def post_in_pieces(pieces: list[bytes], declared: bytes | None) -> list[int]:
    import asyncio

    from sharedtable.config.asgi import application

    headers = [(b"host", b"localhost"), (b"content-type", b"application/x-www-form-urlencoded")]
    headers += [(b"content-length", declared)] if declared is not None else []
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/language",
        "query_string": b"",
        "scheme": "http",
        "headers": headers,
        "client": ("192.0.2.7", 5),
        "server": ("localhost", 80),
    }
    waiting = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})
    statuses: list[int] = []

    async def receive() -> dict[str, object]:
        if waiting:
            return waiting.pop(0)
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(int(str(message["status"])))

    asyncio.run(application(scope, receive, send))
    return statuses


def test_a_body_that_is_longer_than_it_said_is_cut_off():
    piece = b"x" * 20_000
    assert post_in_pieces([piece] * 2, None) == [302]
    assert post_in_pieces([piece] * 10, None) == [413]
    assert post_in_pieces([piece], b"10000000") == [413]
    assert post_in_pieces([piece], b"many") == [413]


def test_a_form_without_its_token_is_refused_in_plain_words(settings, monkeypatch):
    settings.LOCAL = True
    monkeypatch.setitem(ROUTES, "style", Rule("operator", ("GET", "POST")))
    strict = Client(
        enforce_csrf_checks=True, headers={"host": HERE, "origin": f"http://{HERE}"}, REMOTE_ADDR="127.0.0.1"
    )
    response = strict.post("/style")
    assert response.status_code == 403
    assert "That form was out of date" in response.content.decode()
