"""The loopback stand-in for Discogs: what the tests and the demo talk to instead."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal, Self
from urllib.parse import urlencode

import generator.demo.answers as words
from generator.demo.answers import Answer
from generator.demo.api import Library, Question
from generator.demo.covers import cover_jpeg, requested_cover
from generator.demo.faults import Fault, FaultRule, Predicate, Received, api_requests
from generator.demo.limit import MovingWindow
from generator.demo.people import Consumer, Item, Person
from generator.demo.signatures import Desk, Grants
from generator.demo.wire import Incoming, Outgoing, Server

Hook = Callable[[Received], object]


@dataclass(frozen=True, slots=True)
class Authorization:
    """How a person answered an application: a code to type, or an address to go back to."""

    verifier: str | None
    """None when refused."""
    redirect: str | None
    """None when the application asked for a code."""


class StandIn:
    """A Discogs of a few people. Start it with `with`, or with `start` and `stop`.

    API, web and image addresses are all `url`. `people`, `masters`, `limit` and every public
    attribute may be changed at any time; a change made in a hook is complete before the request
    that follows.
    """

    rate_headers: bool = True
    """Whether answers tell the rate limit."""
    rate_headers_when_too_fast: bool = False
    """Whether a 429 does; the real ones do not."""
    retry_after: str | None = None
    """The Retry-After of true 429s; the real ones have none."""
    decision: Literal["allow", "deny"] = "allow"
    """How the person at the browser answers applications."""

    def __init__(
        self,
        people: Iterable[Person],
        *,
        consumer: Consumer | None = None,
        masters: Mapping[int, Item] | None = None,
        window: float = 60.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.consumer = consumer or Consumer()
        self.people = {person.username: person for person in people}
        self.masters = dict(masters or {})
        self.limit = MovingWindow(window, clock)
        self.grants = Grants(self.consumer, clock)
        self.requests: list[Received] = []
        self.before_request: list[Hook] = []
        """Called before a request is looked at."""
        self.after_request: list[Hook] = []
        """Called when its answer is settled, before that is sent."""
        self.signed_in = next(iter(self.people), "")
        """Who is at the browser."""
        self._library = Library(self.people, self.masters, self.consumer.name)
        self._desk = Desk(self.grants)
        self._rules: list[FaultRule] = []
        self._lock = threading.RLock()
        self._stopping = threading.Event()
        self._server = Server(self._answering, self.wait)
        self._library.url = self.url
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        """The address of everything, without a trailing slash."""
        return self._server.url

    @property
    def shuffle_ties(self) -> Random | None:
        """Randomness for the order of copies added in the same second; None keeps it steady."""
        return self._library.shuffle_ties

    @shuffle_ties.setter
    def shuffle_ties(self, ties: Random | None) -> None:
        self._library.shuffle_ties = ties

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin to answer, in threads of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End every connection; raises what failed inside the stand-in or a hook, if anything."""
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.hang_up()
        self._server.server_close()
        if self._server.failures:
            raise self._server.failures[0]

    def wait(self, seconds: float) -> None:
        """Hold a late answer back, unless the stand-in stops meanwhile."""
        self._stopping.wait(seconds)

    def add_fault(
        self,
        fault: Fault,
        when: Predicate = api_requests,
        *,
        times: int | None = 1,
        skip: int = 0,
    ) -> FaultRule:
        """Misbehave at matching requests: after `skip` of them, `times` times (None: always)."""
        rule = FaultRule(fault, when, times, skip)
        with self._lock:
            self._rules.append(rule)
        return rule

    def clear_faults(self) -> None:
        """Behave well again."""
        with self._lock:
            self._rules.clear()

    def foreign_requests(self, requests: int, source: str = "127.0.0.1") -> None:
        """Let others behind the same address spend `requests` of the window now."""
        with self._lock:
            self.limit.spend(source, requests)

    def grant(self, username: str) -> tuple[str, str]:
        """A finished authorisation without the ceremony: access token and its secret."""
        with self._lock:
            return self.grants.issue_access_token(username)

    def revoke(self, username: str) -> None:
        """End every authorisation somebody gave, as they can in Discogs' settings."""
        with self._lock:
            tokens = self.grants.access_tokens
            for key in [key for key, token in tokens.items() if token.username == username]:
                del tokens[key]

    def authorize(
        self, token: str, username: str | None = None, *, allow: bool = True
    ) -> Authorization | None:
        """Answer an application as the browser page does; None for a token that is not alive."""
        with self._lock:
            asked = self.grants.live_request_token(token)
            if asked is None:
                return None
            if not allow:
                self.grants.request_tokens.pop(token)
                return Authorization(None, _back(asked.callback, denied=token))
            asked.username = username or self.signed_in
            asked.verifier = asked.verifier or f"V{len(self.requests):05d}{token[:8]}"
            back = _back(asked.callback, oauth_token=token, oauth_verifier=asked.verifier)
            return Authorization(asked.verifier, back)

    def _answering(self, incoming: Incoming) -> Outgoing:
        received = incoming.received
        with self._lock:
            self.requests.append(received)
            received.number = len(self.requests)
            for hook in self.before_request:
                hook(received)
            answer = self._answer(incoming)
            struck = [rule.fault for rule in self._rules if rule.strikes(received)]
            fault = struck[0] if struck else Fault()
            outgoing = Outgoing(fault.answer or answer, fault.effect, fault.delay)
            received.status = 0 if fault.effect is fault.effect.RESET else outgoing.answer.status
            for hook in self.after_request:
                hook(received)
        return outgoing

    def _answer(self, incoming: Incoming) -> Answer:
        path = incoming.received.path
        if path.endswith(".jpeg"):
            cover = requested_cover(path)
            age = ("Cache-Control", "public, max-age=31536000")
            forbidden = words.text(403, "Invalid signature")
            return Answer(200, cover_jpeg(*cover), "image/jpeg", (age,)) if cover else forbidden
        if path == "/oauth/authorize":
            return self._authorize_page(incoming.form.get("oauth_token", ""))
        if not incoming.received.user_agent:
            return words.NO_AGENT
        who = self._who(incoming)
        allowance = self.limit.take(
            incoming.received.source, authenticated=incoming.received.authenticated
        )
        answer = self._limited(incoming, who) if allowance.granted else self._too_fast()
        told = self.rate_headers if allowance.granted else self.rate_headers_when_too_fast
        return answer.with_headers(*allowance.headers) if told else answer

    def _too_fast(self) -> Answer:
        headers = (("Retry-After", self.retry_after),) if self.retry_after else ()
        return words.TOO_FAST.with_headers(*headers)

    def _limited(self, incoming: Incoming, who: Person | Answer | None) -> Answer:
        at = (incoming.received.method, incoming.received.path)
        if at == ("GET", "/oauth/request_token"):
            return self._desk.request_token(incoming.call)
        if at == ("POST", "/oauth/access_token"):
            return self._desk.access_token(incoming.call)
        if at[0] != "GET":
            return words.WRONG_VERB
        if isinstance(who, Answer):
            return who
        parts = tuple(part for part in at[1].split("/") if part)
        return self._library.answer(Question(parts, incoming.form, who))

    def _who(self, incoming: Incoming) -> Person | Answer | None:
        """Whose credentials these are: a person's, nobody's, or the refusal they deserve."""
        received, sent = incoming.received, incoming.call.headers.get("Authorization", "")
        if not sent or received.path in ("/oauth/request_token", "/oauth/access_token"):
            return None
        who = self._signer(incoming) if sent.startswith("OAuth ") else self._holder(sent)
        received.authenticated = not isinstance(who, Answer)
        received.username = who.username if isinstance(who, Person) else None
        return who

    def _signer(self, incoming: Incoming) -> Person | Answer:
        username = self._desk.username(incoming.call)
        return username if isinstance(username, Answer) else self.people[username]

    def _holder(self, sent: str) -> Person | Answer | None:
        pairs = (part.strip().partition("=") for part in sent.removeprefix("Discogs ").split(","))
        given = {name: value for name, _, value in pairs}
        if given == {"key": self.consumer.key, "secret": self.consumer.secret}:
            return None
        token = given.get("token")
        holders = [who for who in self.people.values() if token and who.token == token]
        return holders[0] if holders else words.REVOKED

    def _authorize_page(self, token: str) -> Answer:
        done = self.authorize(token, allow=self.decision == "allow")
        if done is None:
            return words.page("<p>This request token is not known, or too old.</p>", 400)
        if done.redirect:
            return Answer(302, headers=(("Location", done.redirect),))
        if done.verifier is None:
            return words.page("<p>You denied access.</p>")
        return words.page(f"<p>Your code: <code>{done.verifier}</code></p>")


def _back(callback: str, **answer: str) -> str | None:
    """The callback address with the answer added; None when there is none to go back to."""
    if callback == "oob":
        return None
    return f"{callback}{'&' if '?' in callback else '?'}{urlencode(answer)}"
