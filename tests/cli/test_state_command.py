"""`build-site state`: what it says, to whom it listens, and what neither crowds nor kills break."""

import base64
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from os import kill, killpg
from pathlib import Path
from random import Random

import pytest

from tests.cli.git_server import git_server
from tests.cli.running import Ended, Terminal, result_of
from tests.store.branches import (
    AB,
    CD,
    SCHEMA,
    account,
    commits,
    kept,
    make_remote,
    put,
    run_git,
    state_files,
)

WRITERS = 12
KILLS = 36
TOKEN = "gho_Zq7TokenOfThisTest"
BASIC = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
REAL_GIT = shutil.which("git")


@pytest.fixture
def remote(tmp_path):
    """An empty repository."""
    return make_remote(tmp_path / "the remote.git")


@pytest.fixture
def terminal(tmp_path, remote):
    """A workspace without a key, whose state goes to that repository."""
    return workspace(tmp_path / "my records", remote)


def workspace(place, remote):
    """A terminal in a workspace with nothing but site.toml."""
    place.mkdir()
    environ = {"OAUTH_ENCRYPTION_KEY": "", "STATE_REMOTE": str(remote), "STATE_PAUSE": "0"}
    return Terminal(place, environ=environ).configure()


def write(terminal, files):
    """Write files of the workspace's state."""
    put(terminal.workspace / "data", {"schema.json": SCHEMA} | files)


def files_of(terminal):
    """The state of the workspace."""
    return state_files(terminal.workspace / "data")


def test_every_step_says_what_it_did(terminal, remote, tmp_path):
    """One line each, on stderr, and the same for the steps of a workflow."""
    output = tmp_path / "output"
    terminal.environ["GITHUB_OUTPUT"] = str(output)
    steps = [terminal.run("state", "push"), terminal.run("state", "pull")]
    write(terminal, account(AB, account="1"))
    steps += [terminal.run("state", verb) for verb in ("commit", "push", "push", "pull")]
    tip = run_git("rev-parse", "--short=7", "state", cwd=remote).strip()

    assert [(step.code, step.out) for step in steps] == [(0, "")] * 6
    assert [step.err for step in steps] == [
        "state: nothing to keep yet\n",
        "state: no branch yet, this is a new instance\n",
        f"state: committed {tip}\n",
        f"state: pushed {tip}\n",
        "state: unchanged\n",
        f"state: at {tip}\n",
    ]
    changes = ["false", "false", "true", "true", "false", "false"]
    assert output.read_text() == "".join(f"changed={change}\n" for change in changes)


def test_the_remote_is_the_option_else_the_variable_else_the_workspace_s_own(tmp_path):
    """The first that is named; an empty variable names none."""
    option, variable, own = (make_remote(tmp_path / name / "r") for name in ("o", "v", "w"))
    terminal = workspace(tmp_path / "records", variable)
    run_git("init", "--quiet", ".", cwd=terminal.workspace)
    run_git("remote", "add", "origin", own.as_uri(), cwd=terminal.workspace)
    write(terminal, account(AB, account="1"))

    def pushed(*arguments, **environ):
        shutil.rmtree(terminal.workspace / "data" / ".branch", ignore_errors=True)
        assert terminal.run("state", "push", *arguments, **environ).code == 0
        return [place for place in (option, variable, own) if (place / "refs/heads/state").exists()]

    assert pushed("--remote", str(option)) == [option]
    assert pushed() == [option, variable]
    assert pushed(STATE_REMOTE="") == [option, variable, own]


def test_a_remote_may_be_named_from_the_workspace_on(terminal, remote):
    """A relative path starts where site.toml is, wherever the command was called."""
    write(terminal, account(AB, account="1"))
    ended = terminal.run("-C", ".", "state", "push", "--remote", "../the remote.git")

    assert (ended.code, set(kept(remote))) == (0, {"schema.json", f"accounts/{AB}/account"})


def failing(terminal, *arguments, **environ):
    """Exit code, error and hint of a run that fails."""
    ended = terminal.run("state", *(arguments or ["pull"]), **environ)
    assert ended.out == ""
    return (ended.code, *ended.complaints)


def test_failures_are_told_in_words(terminal, remote, tmp_path):
    """What happened, and what to do about it."""
    nowhere = "http://127.0.0.1:9/somebody/records"
    code, error, hint = failing(terminal, "pull", "--remote", nowhere)
    assert (code, error.startswith(f"error: state: cannot reach {nowhere}: ")) == (1, True)
    assert hint.endswith("check the network and the address")

    code, error, hint = failing(terminal, "pull", "--remote", str(tmp_path))
    assert code == 1
    assert error.startswith(f"error: state: {tmp_path} is no repository to be seen: ")
    assert hint == (
        "hint: name the repository with --remote or STATE_REMOTE; a private one needs STATE_TOKEN"
    )

    assert failing(terminal, STATE_REMOTE="") == (
        2,
        f"error: state: {terminal.workspace} is no checkout with a remote `origin`",
        "hint: name the repository that keeps the state with --remote or STATE_REMOTE",
    )
    assert failing(terminal, PATH=str(tmp_path)) == (
        1,
        "error: state: git is not installed",
        "hint: install git with the system's packages",
    )
    assert failing(terminal, STATE_TOKEN=TOKEN, STATE_REMOTE="http://records.example/x") == (
        2,
        "error: state: a token goes over https only",
        "hint: use an https address, or no token",
    )


def test_a_workspace_comes_first(tmp_path, remote):
    """Without site.toml there is no data/ to be kept."""
    terminal = Terminal(tmp_path, environ={"STATE_REMOTE": str(remote)})

    assert [terminal.run("state", verb).code for verb in ("pull", "push", "commit")] == [10] * 3
    assert not (tmp_path / "data").exists()


def test_one_run_at_a_time(terminal, remote):
    """What holds the workspace is not to be committed half-way."""
    write(terminal, account(AB, account="1"))
    locked = terminal.workspace / "data" / ".lock"
    command = ["flock", str(locked), "sleep", "30"]
    with subprocess.Popen(command, start_new_session=True) as other:
        while subprocess.run(["flock", "-n", str(locked), "true"], check=False).returncode == 0:
            time.sleep(0.01)
        code = terminal.run("state", "push").code
        killpg(other.pid, signal.SIGKILL)

    assert code == 11


def spoken(terminal, verb):
    """A run with everything switched on that makes it talk, tracebacks among it."""
    code, out, err = terminal.begin("-v", "--debug", "state", verb).wait()
    return Ended(code, out.decode(), err.decode())


def test_a_token_opens_the_remote_and_is_seen_nowhere(terminal, remote, tmp_path):
    """Not in an argument of any process, not in a file, not in what is said, well or badly."""
    arguments = tmp_path / "arguments"
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >>"{arguments}"\nexec {REAL_GIT} "$@"\n')
    wrapper.chmod(0o755)
    terminal.environ["PATH"] = f"{wrapper.parent}:{terminal.environment()['PATH']}"
    terminal.environ |= {"STATE_TOKEN": TOKEN, "GIT_TRACE": "2", "GIT_CURL_VERBOSE": "1"}
    write(terminal, account(AB, account="1"))

    with git_server(tmp_path, f"Basic {BASIC}") as server:
        terminal.environ["STATE_REMOTE"] = address = f"{server.url}/the%20remote.git"
        said = [spoken(terminal, "push"), spoken(terminal, "pull")]
        server.authorization = "Basic of somebody else"
        said.append(spoken(terminal, "pull"))
        server.status = 403
        said.append(spoken(terminal, "pull"))

    assert [ended.code for ended in said] == [0, 0, 1, 1], said
    assert {one for one in server.seen if one} == {f"Basic {BASIC}"}
    refused = f"error: state: {address} refused access: "
    assert [ended.complaints[0].startswith(refused) for ended in said[2:]] == [True, True]
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    seen = b"\n".join((*files, *server.command_lines, *(e.err.encode() for e in said)))
    assert arguments.read_text().count("push\n") == 1
    assert b"remote-http" in seen or not Path("/proc/self/cmdline").exists()
    assert [secret for secret in (TOKEN, BASIC) if secret.encode() in seen] == []


@pytest.mark.parametrize("secret", [TOKEN, f"p@{TOKEN}"])
def test_what_somebody_put_into_the_address_is_not_shown(terminal, secret):
    """Neither in an error nor in what is remembered."""
    write(terminal, account(AB, account="1"))
    terminal.environ["STATE_REMOTE"] = f"http://x:{secret}@127.0.0.1:9/records"
    ended = spoken(terminal, "push")

    assert ended.complaints[0].startswith("error: state: cannot reach http://127.0.0.1:9/records: ")
    files = [path.read_bytes() for path in terminal.workspace.rglob("*") if path.is_file()]
    assert TOKEN not in ended.err
    assert [text for text in files if TOKEN.encode() in text] == []


def test_results_of_shards_are_adopted(terminal, tmp_path):
    """One that is no result is refused whole and stops none of the others."""
    write(terminal, account(AB, account="1", token="t"))
    good, gone, bad = (tmp_path / name for name in ("good", "gone", "bad"))
    put(good, account(AB, account="2"))
    put(gone, account(CD, account="3"))
    put(bad, {**account(AB, account="3"), "site.toml": ""})
    names = [str(place) for place in (bad, gone, good)]
    ended = terminal.run("state", "adopt", *names)
    dropped = "was disconnected by another run; what this one learnt of it was dropped"

    assert ended.code == 3
    assert ended.err.splitlines() == [
        "error: bad/site.toml: is no result of a sync",
        "hint: use what build-site sync --results wrote, unchanged",
        f"warning: accounts/{CD}: {dropped}",
        "state: 1 file adopted",
    ]
    assert files_of(terminal) == {"schema.json": SCHEMA, **account(AB, account="2", token="t")}
    assert terminal.run("state", "adopt", str(bad)).code == 1
    assert terminal.run("state", "adopt", str(good)).code == 0
    assert terminal.run("state", "adopt", str(tmp_path / "none")).code == 2


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """Workspaces that came from the same commit, each with an account of its own to push."""
    place = tmp_path_factory.mktemp("crowd")
    remote = make_remote(place / "remote.git")
    first = workspace(place / "first", remote)
    write(first, account("f" * 16, account="first"))
    assert first.run("state", "push").code == 0
    writers = []
    for number in range(WRITERS):
        terminal = workspace(place / f"{number}", remote)
        shutil.copytree(first.workspace / "data", terminal.workspace / "data")
        write(terminal, account(f"{number:016x}", account=f"{number}", snapshot=f"{number}" * 5000))
        writers.append(terminal)
    return remote, writers


def test_twelve_writers_at_once_all_land(crowd):
    """Each within ten tries, in a commit of its own, without a commit of another lost."""
    remote, writers = crowd
    ended = [result_of(run) for run in [one.begin("state", "push") for one in writers]]
    tries = [int((re.findall(r"at try (\d+)", one.err) or ["1"])[0]) for one in ended]

    assert [one.err for one in ended if one.code] == []
    assert max(tries) <= 10
    assert commits(remote) == WRITERS + 1
    assert run_git("rev-list", "--merges", "state", cwd=remote) == ""
    expected = {"schema.json": SCHEMA, **account("f" * 16, account="first")}
    for number in range(WRITERS):
        expected |= account(f"{number:016x}", account=f"{number}", snapshot=f"{number}" * 5000)
    assert kept(remote) == expected


def version(number):
    """All files of the account, each of which tells its version."""
    names = ("account", "snapshot", "token")
    return account(AB, **{name: f"{number} {name} " * 3000 for name in names})


def versions(files):
    """The versions of the account's files, each of which is whole."""
    found = {name: text.split()[0] for name, text in files.items() if name != "schema.json"}
    assert all(files[name] == version(number)[name] for name, number in found.items())
    return set(found.values())


@dataclass
class Ordeal:
    """A workspace that writes, another that reads, and runs of both that are killed."""

    writer: Terminal
    reader: Terminal
    remote: Path
    dice: Random
    number: int = 0
    life: float = 0.3
    """How long a run takes that nobody killed, in seconds."""
    killed: Counter = field(default_factory=Counter)
    """By command: the runs that died."""

    def kill_one(self):
        """Kill a push, a commit or a pull, alone or with the git it started."""
        self.number += 1
        verb = ("push", "commit", "pull")[self.number % 3]
        if verb != "pull":
            write(self.writer, version(self.number))
        begun = time.monotonic()
        run = (self.reader if verb == "pull" else self.writer).begin("state", verb)
        time.sleep(self.dice.uniform(0, self.life))
        with suppress(ProcessLookupError):
            (killpg if self.dice.random() < 0.5 else kill)(run.pid, signal.SIGKILL)
        code, _, err = run.wait()
        assert code in (0, -signal.SIGKILL), err
        self.killed[verb] += code != 0
        if code == 0:
            self.life = (self.life + time.monotonic() - begun) / 2

    def check(self):
        """One version on the branch, the newest in the writer's data/, whole ones in the other."""
        newest = {} if self.number == 0 else version(self.number - (self.number % 3 == 2))
        assert len(versions(kept(self.remote))) == 1
        assert newest.items() <= files_of(self.writer).items()
        versions(files_of(self.reader))


def test_whatever_is_killed_leaves_state_and_remote_whole(terminal, remote, tmp_path):
    """Anywhere in a commit, a push or a pull; the next run succeeds."""
    reader = workspace(tmp_path / "reader", remote)
    write(terminal, version(0))
    assert [one.run("state", "push").code for one in (terminal, reader)] == [0, 0]
    ordeal = Ordeal(terminal, reader, remote, Random(7))  # noqa: S311 - moments, not secrets
    while ordeal.killed.total() < KILLS:
        ordeal.kill_one()
        ordeal.check()
    write(terminal, version("last"))

    assert [terminal.run("state", "push").code, reader.run("state", "pull").code] == [0, 0]
    assert kept(remote) == files_of(terminal) == files_of(reader)
    assert versions(files_of(reader)) == {"last"}
    run_git("fsck", "--strict", cwd=remote)
    assert min(ordeal.killed.values()) >= KILLS // 6
    assert list(reader.workspace.rglob(".gatefold-*")) == []
