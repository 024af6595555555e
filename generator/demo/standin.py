"""The loopback stand-in for Discogs: API, website, covers and monthly data in one server."""

import threading
import time
from collections.abc import Callable, Iterable
from random import Random
from typing import ClassVar, Literal, NamedTuple, Self
from urllib.parse import urlencode

from generator.demo.api import Api, Person
from generator.demo.covers import cover_jpeg, requested_cover
from generator.demo.dumps import Archive
from generator.demo.signatures import Application, Grants
from generator.demo.wire import (
    HTML,
    TEXT,
    Handler,
    Refusal,
    Reply,
    Request,
    Server,
    error_response,
)

TOO_FAST = "You are making requests too quickly."


class RateLimit:
    """A moving window for each source address. Refused requests do not count."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self.seconds = seconds
        self.authenticated = 60
        self.anonymous = 25
        self._clock = clock
        self._spent: list[tuple[str, float]] = []

    def used(self, source: str) -> int:
        """Requests of the source in the window."""
        start = self._clock() - self.seconds
        self._spent = [spent for spent in self._spent if spent[1] > start]
        return sum(spent[0] == source for spent in self._spent)

    def spend(self, source: str, requests: int = 1) -> None:
        """Count requests made now."""
        self._spent += [(source, self._clock())] * requests


class Authorization(NamedTuple):
    """A user's answer to an application."""

    verifier: str | None  # None if refused
    redirect: str | None  # None if the application asked for a code to type


class StandIn:
    """A Discogs of a few people. Start it with `with`, or with `start` and `stop`.

    The addresses of API, web, covers and data are all `url`. `people`, `limit` and every public
    attribute may change at any time.
    """

    handler: ClassVar[type[Handler]] = Handler
    rate_headers: bool = True  # whether responses state the rate limit; a 429 never does
    rate_headers_lag: bool = False  # whether they leave out the request they answer
    retry_after: str | None = None  # the Retry-After of a 429; the real ones have none
    decision: Literal["allow", "deny"] = "allow"  # the answer to applications at the browser
    shuffle_ties: Random | None = None  # shuffles copies added in the same second

    def __init__(
        self,
        people: Iterable[Person],
        *,
        consumer: Application | None = None,
        window: float = 60.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.consumer = consumer or Application()
        self.people = {person.username: person for person in people}
        self.limit = RateLimit(window, clock)
        self.grants = Grants(self.consumer, clock)
        self.archive = Archive(clock)  # the monthly data
        self.requests: list[Request] = []
        self.signed_in = next(iter(self.people), "")  # the user at the browser
        self._lock = threading.Lock()
        self._server = Server(self._handle, self.handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    def start(self) -> Self:
        """Serve in threads of its own."""
        self._thread.start()
        return self

    __enter__ = start

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End every connection; raises the first exception of the stand-in, if any."""
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()
        if self._server.failures:
            raise self._server.failures[0]

    def authorize(
        self, token: str, username: str | None = None, *, allow: bool = True
    ) -> Authorization | None:
        """Answer an application as the browser page does; None if the token is not live."""
        pending = self.grants.live_request_token(token)
        if pending is None:
            return None
        answer = {"denied": token}
        if allow:
            pending.username = username or self.signed_in
            pending.verifier = pending.verifier or f"V{len(self.requests):05d}{token[:8]}"
            answer = {"oauth_token": token, "oauth_verifier": pending.verifier}
        else:
            del self.grants.request_tokens[token]
        callback = pending.callback
        back = f"{callback}{'&' if '?' in callback else '?'}{urlencode(answer)}"
        return Authorization(pending.verifier or None, None if callback == "oob" else back)

    def _handle(self, request: Request) -> Reply:
        with self._lock:
            self.requests.append(request)
            request.number = len(self.requests)
            return self.respond(request)

    def respond(self, request: Request) -> Reply:
        """Answer a request, and forget its credentials."""
        response = self._respond(request)
        request.status = response.status
        request.wipe_credentials()
        return response

    def _respond(self, request: Request) -> Reply:
        # Covers and the page for the browser come from other servers, without this rate limit.
        if request.path.endswith(".jpeg"):
            cover = requested_cover(request.path)
            age = ("Cache-Control", "public, max-age=31536000")
            forbidden = error_response(403, "Invalid signature", TEXT)
            return Reply(200, cover_jpeg(*cover), "image/jpeg", (age,)) if cover else forbidden
        if request.path == "/":
            return self.archive.respond(request)
        if request.path == "/oauth/authorize":
            return self._authorize_page(request.query.get("oauth_token", ""))
        if not request.user_agent:
            return error_response(403, "Please send a User-Agent that names your app.", TEXT)
        # The tier is the one claimed: an invalid token gets 401 and the limit of a valid one.
        login = request.path in ("/oauth/request_token", "/oauth/access_token")
        claimed = request.authorization and not login
        limit = self.limit.authenticated if claimed else self.limit.anonymous
        used = self.limit.used(request.source)
        if used >= limit:
            retry = [("Retry-After", self.retry_after)] if self.retry_after else []
            return error_response(429, TOO_FAST).with_headers(*retry)
        self.limit.spend(request.source)
        response, stated = self._answer(request), used + (not self.rate_headers_lag)
        rate = {"": limit, "-Used": stated, "-Remaining": limit - stated}
        headers = [(f"X-Discogs-Ratelimit{name}", str(number)) for name, number in rate.items()]
        return response.with_headers(*headers) if self.rate_headers else response

    def _answer(self, request: Request) -> Reply:
        try:
            match request.method, request.path:
                case "GET", "/oauth/request_token":
                    return self.grants.request_token(request)
                case "POST", "/oauth/access_token":
                    return self.grants.access_token(request)
            viewer = self._viewer(request)
            request.authenticated = bool(request.authorization)
            request.username = viewer.username if viewer else None
            if request.method != "GET":
                return error_response(405, "Method not allowed.")
            api = Api(self.people, self.consumer.name, self.url, self.shuffle_ties)
            return api.respond(request, viewer)
        except Refusal as refusal:
            return refusal.response

    def _viewer(self, request: Request) -> Person | None:
        """The user these credentials belong to; None without any, or for an application's own."""
        if request.authorization.startswith("OAuth "):
            return self.people[self.grants.username(request)]
        parts = request.authorization.removeprefix("Discogs ").split(",")
        sent = {name: value for name, _, value in (part.strip().partition("=") for part in parts)}
        own = {"key": self.consumer.key, "secret": self.consumer.secret}
        if not request.authorization or sent == own:
            return None
        for person in self.people.values():
            if person.token and person.token == sent.get("token"):
                return person
        raise Refusal(401, "Invalid consumer token.")

    def _authorize_page(self, token: str) -> Reply:
        done = self.authorize(token, allow=self.decision == "allow")
        if done and done.redirect:
            return Reply(302, headers=(("Location", done.redirect),))
        text = f"Your code: <code>{done.verifier}</code>" if done else "Unknown or expired token."
        text = "You denied access." if done and not done.verifier else text
        page = f"<!doctype html><title>Stand-in</title><p>{text}</p>".encode()
        return Reply(200 if done else 400, page, HTML)
