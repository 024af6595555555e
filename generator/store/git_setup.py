"""What git is given for one run: a directory, its settings, the remote and what opens it."""

import base64
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from generator.errors import StateError, UsageError

BRANCH = "refs/heads/state"
WHERE = "state"
"""Where errors say they happened."""
REMOTE = "gatefold"
"""What the remote is called in git's settings, so that its address is in no argument."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# Of another repository that git itself runs us for, or telling: a trace would show the token.
_NOT_INHERITED = re.compile(
    r"STATE_TOKEN|GIT_(TRACE\w*|CURL_VERBOSE|DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|PREFIX|NAMESPACE"
    r"|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|SHALLOW_FILE|CONFIG_PARAMETERS"
    r"|REPLACE_REF_BASE|GRAFT_FILE|QUARANTINE_PATH)"
)
# What a person has set up for work of their own must not act here; and no answer is an answer.
_SETTINGS = {
    "core.hooksPath": "/dev/null",
    "maintenance.auto": "false",
    "push.followTags": "false",
    "push.gpgSign": "false",
    "http.lowSpeedLimit": "1",
    "http.lowSpeedTime": "60",
    "gc.autoDetach": "false",
    "gc.autoPackLimit": "20",
    "gc.pruneExpire": "now",
}


@dataclass(frozen=True, slots=True)
class Remote:
    """Where the branch is, and what opens it."""

    address: str
    token: str = field(default="", repr=False)
    start: Path = Path()
    """Where a relative address starts."""

    @property
    def name(self) -> str:
        """The address for people and records, without what somebody may have put before the @."""
        return without_secrets(self.address)


def make_directory(run: Path, landed: Iterable[str], draft: str | None) -> None:
    """Makes an empty directory a git directory with these commits; history begins with them."""
    history = sorted(set(landed))
    (run / "refs/keep").mkdir(parents=True)
    (run / "HEAD").write_text(f"ref: {BRANCH}\n")
    (run / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
    for commit in {*history, *([draft] if draft else ())}:
        (run / "refs/keep" / commit).write_text(f"{commit}\n")
    if history:
        (run / "shallow").write_text("".join(f"{commit}\n" for commit in history))


def program(environ: Mapping[str, str]) -> str:
    """The git on PATH. Raises StateError."""
    found = shutil.which("git", path=environ.get("PATH"))
    if not found:
        raise StateError(WHERE, "git is not installed", "install git with the system's packages")
    return found


def environment(run: Path, remote: Remote, environ: Mapping[str, str]) -> dict[str, str]:
    """Everything git is told: its directory, the remote's address and what opens it."""
    kept = {name: value for name, value in environ.items() if not _NOT_INHERITED.fullmatch(name)}
    given = kept.get("GIT_CONFIG_COUNT", "")
    first = int(given) if given.isdecimal() else 0
    settings = [
        *_SETTINGS.items(),
        (f"remote.{REMOTE}.url", remote.address),
        *_authorization(remote),
    ]
    numbered = {
        f"GIT_CONFIG_{part}_{number}": text
        for number, setting in enumerate(settings, first)
        for part, text in zip(("KEY", "VALUE"), setting, strict=True)
    }
    return (
        kept
        | numbered
        | {
            "GIT_CONFIG_COUNT": str(first + len(settings)),
            "GIT_DIR": str(run),
            "GIT_OBJECT_DIRECTORY": str(run.parent / "objects"),
            "LC_ALL": "C",
            **({"GIT_TERMINAL_PROMPT": "0"} if remote.token else {}),
        }
    )


def _authorization(remote: Remote) -> Iterator[tuple[str, str]]:
    """The header that opens the remote, for its host alone; it replaces any other."""
    if not remote.token or not remote.address.startswith(("http:", "https:")):
        return
    parts = urlsplit(remote.address)
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise UsageError(WHERE, "a token goes over https only", "use an https address, or no token")
    setting = f"http.{parts.scheme}://{parts.netloc.rpartition('@')[2]}/.extraheader"
    yield setting, ""
    yield setting, f"Authorization: Basic {_basic(remote.token)}"


def _basic(token: str) -> str:
    return base64.b64encode(f"x-access-token:{token}".encode()).decode()


def secrets_of(remote: Remote) -> tuple[str, ...]:
    """What must be in no message, however it is written."""
    return (_basic(remote.token), remote.token) if remote.token else ()


def without_secrets(text: str) -> str:
    """The text with every address free of user and password."""
    return re.sub(r"(\w://)[^/\s]*@", r"\1", text)
