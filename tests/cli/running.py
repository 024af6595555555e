"""build-site in processes of its own, in a workspace, against a stand-in for Discogs."""

import base64
import json
import os
import pty
import select
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.cli.forking import UNLIMITED, fork_server
from tests.discogs.wire import make_item
from tests.standin import StandIn

CHECKOUT = Path(__file__).parents[2]
KEY = base64.urlsafe_b64encode(bytes(range(100, 132))).decode()
OTHER_KEY = base64.urlsafe_b64encode(bytes(range(60, 92))).decode()
NOWHERE = "http://127.0.0.1:9"
TOKEN = "pat_K3yOfTheOwner"
FIRST_ADDED = datetime(2024, 5, 1, 9, 30, tzinfo=UTC)


def make_shelf(copies, first=1):
    """Copies as Discogs sends them, added a minute apart, each of another album."""
    return [
        make_item(
            number,
            {"master_id": 700 + number, "title": f"Année {number}"},
            date_added=(FIRST_ADDED + timedelta(minutes=number)).isoformat(),
        )
        for number in range(first, first + copies)
    ]


@dataclass(frozen=True)
class Ended:
    """A process that has ended: its exit code, and what it said on both streams."""

    code: int
    out: str
    err: str

    @property
    def complaints(self):
        """The lines that tell of a failure, in their order."""
        return [line for line in self.err.splitlines() if line.startswith(("error: ", "hint: "))]


def checked(ended):
    """What holds however a run ends: no traceback, and a failure always says what to do."""
    assert "Traceback" not in ended.out + ended.err
    kinds = [line.split(":")[0] for line in ended.complaints]
    if ended.code == 0:
        assert kinds == []
    elif ended.code != 130:
        assert kinds[:1] == ["error"]
        assert kinds[-1:] == ["hint"]
    return ended


@dataclass
class Terminal:
    """Somebody at a terminal without a screen, in a workspace; nothing else is in the environment.

    Every run is held against what holds for all of them.
    """

    workspace: Path
    discogs: StandIn | None = None
    environ: dict[str, str] = field(default_factory=dict)

    def environment(self, **changes):
        """All variables of a process; an empty one is left out."""
        address = self.discogs.url if self.discogs else NOWHERE
        variables = {
            "PATH": os.defpath,
            "HOME": str(self.workspace),
            "PYTHONPATH": str(CHECKOUT),
            "TZ": "NST3:30",
            "OAUTH_ENCRYPTION_KEY": KEY,
            "DISCOGS_API_URL": address,
            "DISCOGS_WEB_URL": address,
            "DISCOGS_DATA_URL": address,
            **application(self.discogs),
            **self.environ,
            **changes,
        }
        return {name: value for name, value in variables.items() if value}

    def start(self, *arguments, streams=None, **environ):
        """A Python of its own, still running; nothing is typed into it unless `streams` say so."""
        usual = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(
            [sys.executable, "-m", "generator", *arguments],
            cwd=self.workspace,
            env=self.environment(**environ),
            bufsize=0,
            start_new_session=True,
            **(usual | (streams or {})),
        )

    def begin(self, *arguments, limits=UNLIMITED, **environ):
        """A forked process that is still running: much cheaper than `start`."""
        environment = self.environment(**environ)
        return fork_server().start(arguments, self.workspace, environment, limits)

    def run(self, *arguments, limits=UNLIMITED, **environ):
        """build-site with these arguments, from beginning to end."""
        return result_of(self.begin(*arguments, limits=limits, **environ))

    def configure(self, text=""):
        """Write site.toml."""
        (self.workspace / "site.toml").write_text(text, encoding="utf-8")
        return self

    def connect(self, name="demo", *options, **environ):
        """Connect the owner of the usual personal token, publicly, before anything is measured."""
        ended = self.run("connect", name, "--token", "--privacy=public", *options, **environ)
        assert ended.code == 0, ended.err
        return self

    def listed(self):
        """The accounts by name, as programs see them."""
        return {entry["name"]: entry for entry in json.loads(self.run("accounts", "--json").out)}

    def state(self):
        """Every byte kept below data/, by path; the lock's note is nobody's state."""
        files = sorted((self.workspace / "data").rglob("*"))
        return {
            path: path.read_bytes() for path in files if path.is_file() and path.stem != ".lock"
        }

    def snapshots(self):
        """The sealed snapshots alone."""
        return {path: text for path, text in self.state().items() if path.name == "snapshot"}

    def published(self, path):
        """A JSON document of the site."""
        return json.loads((self.workspace / "site" / path).read_text(encoding="utf-8"))


def step(terminal, inputs=None, *, private=False):
    """Make a terminal a step of a workflow: started by hand if there are inputs."""
    event = terminal.workspace / "event.json"
    event.write_text(json.dumps({"inputs": inputs, "repository": {"private": private}}))
    terminal.environ |= {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "schedule" if inputs is None else "workflow_dispatch",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_OUTPUT": str(terminal.workspace / "output"),
        "GITHUB_STEP_SUMMARY": str(terminal.workspace / "summary.md"),
    }
    return terminal


def application(discogs):
    """The variables of the application a stand-in knows."""
    if discogs is None:
        return {}
    return {
        "DISCOGS_OAUTH_CONSUMER_KEY": discogs.consumer.key,
        "DISCOGS_OAUTH_CONSUMER_SECRET": discogs.consumer.secret,
    }


def result_of(run, timeout=90):
    """What a forked process has said once it ended."""
    code, out, err = run.wait(timeout)
    return checked(Ended(code, out.decode(), err.decode()))


def finished(process, timeout=60):
    """What a running process has said once it ended."""
    try:
        out, err = process.communicate(timeout=timeout)
    finally:
        process.kill()
    return checked(Ended(process.returncode, (out or b"").decode(), (err or b"").decode()))


def first_line(process, timeout=30):
    """The first line a running process writes to stdout."""
    lines: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=lambda: lines.put(process.stdout.readline()), daemon=True).start()
    return lines.get(timeout=timeout).decode().rstrip("\n")


def side_by_side(*tasks):
    """What the tasks return, all of them begun at once."""
    with ThreadPoolExecutor(len(tasks)) as pool:
        return [running.result() for running in [pool.submit(task) for task in tasks]]


def visit(address):
    """What a browser sees at an address, redirects followed: status and page."""
    try:
        with urlopen(address, timeout=10) as answer:  # noqa: S310 - an address on this machine
            return answer.status, answer.read().decode()
    except HTTPError as refusal:
        with refusal:
            return refusal.status, refusal.read().decode()


@dataclass
class Screen:
    """A terminal's other end: what is typed goes in, what is shown comes out."""

    near: int
    far: int
    shown: bytes = b""

    @property
    def streams(self):
        """For a process that reads from this terminal, and shows there what goes to stderr."""
        return {"stdin": self.near, "stderr": self.near}

    def type(self, text, after):
        """Type a line once `after` is shown."""
        self.until(after)
        os.write(self.far, f"{text}\n".encode())

    def until(self, words):
        """Wait until `words` are shown."""
        while words not in self.shown.decode(errors="replace"):
            ready, _, _ = select.select([self.far], [], [], 30)
            assert ready, f"only this was shown: {self.shown!r}"
            self.shown += os.read(self.far, 4096)

    def rest(self):
        """Everything shown until now."""
        while select.select([self.far], [], [], 0)[0]:
            self.shown += os.read(self.far, 4096)
        return self.shown.decode()


@contextmanager
def screen():
    """A terminal to be put in place of streams."""
    far, near = pty.openpty()
    try:
        yield Screen(near, far)
    finally:
        os.close(near)
        os.close(far)
