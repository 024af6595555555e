"""The stand-in for Discogs, with faults and hooks."""

import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from socket import SO_LINGER, SOL_SOCKET
from typing import Any, ClassVar

from generator.demo.standin import StandIn as TrueStandIn
from generator.demo.wire import Handler, Reply, Request
from tests.faults import Effect, Fault, Predicate, api_requests

NO_FAULT = Fault()


@dataclass(frozen=True, slots=True)
class Struck(Reply):
    """A response with a fault, and the wait for its delay."""

    fault: Fault = NO_FAULT
    wait: Callable[[float], object] = bool


class FaultyHandler(Handler):
    """Sends responses with their faults."""

    ahead: ClassVar[float] = 0.0
    """Seconds that the clock of Discogs is ahead of this machine's."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        return super().date_time_string((timestamp or time.time()) + self.ahead)

    def send(self, response: Reply) -> None:
        assert isinstance(response, Struck)
        if response.fault.delay:
            response.wait(response.fault.delay)
        match response.fault.effect:
            case Effect.RESET:
                self.close_connection = True
                self.connection.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
                self.rfile.close()
                self.wfile.close()
                self.connection.close()
                return
            case Effect.EMPTY:
                response = Reply(response.status, b"", response.content_type, response.headers)
            case Effect.TRUNCATED:
                self.wfile: Any = Half(self.wfile)
                self.close_connection = True
        super().send(response)


class Half:
    """A stream that takes only the first half of a body."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, content: bytes) -> None:
        head = content.startswith(b"HTTP/")
        self._stream.write(content if head else content[: len(content) // 2])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class StandIn(TrueStandIn):
    """A Discogs where things go wrong. A change made in a hook is complete before the next
    request.
    """

    handler = FaultyHandler

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.before_request: list[Callable[[Request], object]] = []
        self.after_request: list[Callable[[Request], object]] = []  # before the response is sent
        self._rules: list[tuple[Predicate, Fault]] = []
        self._stopping = threading.Event()
        super().__init__(*arguments, **options)

    def stop(self) -> None:
        """End delays and connections."""
        self._stopping.set()
        super().stop()

    def respond(self, request: Request) -> Reply:
        for hook in self.before_request:
            hook(request)
        response = super().respond(request)
        struck = [fault for strikes, fault in self._rules if strikes(request)]
        fault = struck[0] if struck else NO_FAULT
        response = fault.response or response
        request.status = 0 if fault.effect is Effect.RESET else response.status
        for hook in self.after_request:
            hook(request)
        facts = (response.status, response.body, response.content_type, response.headers)
        return Struck(*facts, fault, self.wait)

    def wait(self, seconds: float) -> None:
        """Hold a delayed response back, unless the stand-in stops meanwhile."""
        self._stopping.wait(seconds)

    def add_fault(
        self,
        fault: Fault,
        when: Predicate = api_requests,
        *,
        times: int | None = 1,
        skip: int = 0,
    ) -> None:
        """Apply a fault to matching requests: skip `skip`, then strike `times` (None: always)."""
        matching = count(1)

        def strikes(request: Request) -> bool:
            place = next(matching) - skip if when(request) else 0
            return place > 0 and (times is None or place <= times)

        self._rules.append((strikes, fault))

    def clear_faults(self) -> None:
        """Remove all faults."""
        self._rules.clear()

    def foreign_requests(self, requests: int, source: str = "127.0.0.1") -> None:
        """Count requests that others behind the same address make now."""
        self.limit.spend(source, requests)

    def grant(self, username: str) -> tuple[str, str]:
        """Key and secret of an access token, without the login."""
        return self.grants.issue_access_token(username)

    def revoke(self, username: str) -> None:
        """Revoke every access token of a user, as Discogs' settings page does."""
        for key, token in list(self.grants.access_tokens.items()):
            if token.username == username:
                del self.grants.access_tokens[key]
