"""`build-site state`: its messages, its remotes, and runs that compete or are killed."""

import base64
import shutil
import signal
import subprocess
import time
from os import killpg
from random import Random

import pytest

from tests.cli.forking import Limits
from tests.cli.git_server import git_server
from tests.cli.running import Ended, Terminal, result_of
from tests.store.branches import (
    AB,
    CD,
    EF,
    SCHEMA,
    account,
    commits,
    kept,
    make_remote,
    put,
    run_git,
    state_files,
)

TOKEN = "gho_Zq7TokenOfThisTest"
BASIC = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
SECRETS = {
    "OAUTH_ENCRYPTION_KEY": "key-of-this-test",
    "DISCOGS_TOKEN": "pat-of-this-test",
    "STATE_TOKEN": TOKEN,
}
NOWHERE = "127.0.0.1:9/somebody/records"
DROPPED = "was disconnected while another run changed it; the changes were dropped"
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


def succeed(*runs):
    """Run these state commands, one after the other."""
    for terminal, verb in runs:
        assert terminal.run("state", verb).code == 0


def loud(terminal, verb, **environ):
    """A run that prints everything it can, tracebacks too."""
    code, out, err = terminal.begin("-v", "--debug", "state", verb, **environ).wait()
    return Ended(code, out.decode(), err.decode())


def test_every_step_prints_its_result(terminal, remote, tmp_path):
    other = workspace(tmp_path / "other", remote)
    steps = [terminal.run("state", "push"), terminal.run("state", "pull")]
    write(terminal, account(AB, account="1"))
    steps += [terminal.run("state", verb) for verb in ("push", "push", "pull")]
    tip = run_git("rev-parse", "--short=7", "state", cwd=remote).strip()
    succeed((other, "pull"))
    write(other, {f"accounts/{AB}/account": None})
    succeed((other, "push"))
    write(terminal, account(AB, account="2"))
    steps.append(terminal.run("state", "push"))

    assert [(step.code, step.out) for step in steps] == [(0, "")] * 6
    assert [step.err for step in steps] == [
        "state: nothing to push\n",
        "state: no branch yet; this is a new instance\n",
        f"state: pushed {tip}\n",
        "state: nothing to push\n",
        f"state: at {tip}\n",
        f"warning: {AB}: {DROPPED}\nstate: nothing to push\n",
    ]


def test_the_remote_is_the_option_else_the_variable_else_origin(tmp_path):
    option, variable, own = (make_remote(tmp_path / name / "r") for name in ("o", "v", "w"))
    terminal = workspace(tmp_path / "records", variable)
    run_git("init", "--quiet", ".", cwd=terminal.workspace)
    run_git("remote", "add", "origin", own.as_uri(), cwd=terminal.workspace)
    write(terminal, account(AB, account="1"))
    outside = Terminal(tmp_path, environ=terminal.environ)

    def pushed(*arguments, **environ):
        shutil.rmtree(terminal.workspace / "data" / ".branch", ignore_errors=True)
        ended = outside.run("-C", "records", "state", "push", *arguments, **environ)
        assert ended.code == 0, ended.err
        return [place for place in (option, variable, own) if (place / "refs/heads/state").exists()]

    assert pushed("--remote", "../o/r") == [option]
    assert pushed() == [option, variable]
    assert pushed(STATE_REMOTE="") == [option, variable, own]


@pytest.mark.parametrize(
    ("environ", "code", "error", "hint"),
    [
        (
            {"STATE_REMOTE": f"http://x:p@{TOKEN}@{NOWHERE}"},
            1,
            f"cannot reach http://{NOWHERE}: ",
            "check the address, the network and the free space",
        ),
        (
            {"STATE_REMOTE": f"http://x:p/{TOKEN}@{NOWHERE}"},
            1,
            f"cannot reach http://{NOWHERE}: ",
            "check the address, the network and the free space",
        ),
        (
            {"STATE_REMOTE": "/"},
            1,
            "no repository at /: ",
            "name it with --remote; if private, set STATE_TOKEN",
        ),
        (
            {"STATE_REMOTE": ""},
            2,
            "{workspace} is not a checkout with a remote `origin`",
            "name the repository that keeps the state with --remote or STATE_REMOTE",
        ),
        ({"PATH": "/"}, 1, "git is not installed", "install git with the system's packages"),
        (
            {"STATE_TOKEN": TOKEN, "STATE_REMOTE": "http://records.example/x"},
            2,
            "a token is sent over https only",
            "use an https address, or no token",
        ),
    ],
)
def test_a_failure_says_what_to_do(terminal, environ, code, error, hint):
    write(terminal, account(AB, account="1"))
    ended = loud(terminal, "push", **environ)
    [first, second] = ended.complaints

    assert (ended.code, second) == (code, f"hint: {hint}")
    assert first.startswith(f"error: state: {error.format(workspace=terminal.workspace)}")
    files = [path.read_bytes() for path in terminal.workspace.rglob("*") if path.is_file()]
    assert [text for text in (ended.err.encode(), *files) if TOKEN.encode() in text] == []


def test_one_run_at_a_time_in_a_workspace(tmp_path, terminal):
    nowhere = Terminal(tmp_path, environ=terminal.environ)
    assert [nowhere.run("state", verb).code for verb in ("pull", "push")] == [10] * 2

    write(terminal, {f"pending/{AB}": "1"})
    locked = terminal.workspace / "data" / ".lock"
    command = ["flock", str(locked), "sleep", "30"]
    with subprocess.Popen(command, start_new_session=True) as other:
        while subprocess.run(["flock", "-n", str(locked), "true"], check=False).returncode == 0:
            time.sleep(0.01)
        code = terminal.run("state", "push").code
        killpg(other.pid, signal.SIGKILL)
    assert code == 11


def test_a_token_opens_the_remote_and_is_seen_nowhere(terminal, remote, tmp_path):
    log, program, asked = (tmp_path / name for name in ("git.log", "bin/git", "asked"))
    put(
        tmp_path,
        {
            "bin/git": '#!/bin/sh\n(printf "%s\\n" "$@"; env | grep -E "^(OAUTH|DISC|STATE)")'
            f' >>"{log}"\nexec {REAL_GIT} "$@"\n'
        },
    )
    program.chmod(0o755)
    terminal.environ["PATH"] = f"{program.parent}:{terminal.environment()['PATH']}"
    terminal.environ |= SECRETS | {"GIT_TRACE": "2", "GIT_CURL_VERBOSE": "1"}
    write(terminal, account(AB, account="1"))

    with git_server(tmp_path, f"Basic {BASIC}") as server:
        (terminal.workspace / ".gitconfig").write_text(
            f"[trace2]\n\tnormalTarget = {tmp_path / 'trace'}\n\tconfigParams = http.*\n"
            f'[http "{server.url}/"]\n\textraHeader = Authorization: Basic of a person\n'
            f'[credential]\n\thelper = "!touch {asked};"\n'
        )
        terminal.environ["STATE_REMOTE"] = address = f"{server.url}/the%20remote.git"
        runs = [loud(terminal, "push"), loud(terminal, "pull")]
        server.authorization = "Basic of somebody else"
        runs.append(loud(terminal, "pull"))
        server.status = 403
        runs.append(loud(terminal, "pull"))

    assert [ended.code for ended in runs] == [0, 0, 1, 1], runs
    assert [headers for headers in server.seen if headers != [f"Basic {BASIC}"]] == []
    refused = f"error: state: no access to {address}: "
    assert [ended.complaints[0].startswith(refused) for ended in runs[2:]] == [True, True]
    assert log.read_text().count("\npush\n") == 1
    assert not asked.exists()
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    seen = b"\n".join((*files, *server.command_lines, *(ended.err.encode() for ended in runs)))
    assert [secret for secret in (*SECRETS.values(), BASIC) if secret.encode() in seen] == []


def test_a_token_does_not_follow_a_redirect(terminal, remote, tmp_path):
    write(terminal, account(AB, account="1"))
    with git_server(tmp_path, None) as other, git_server(tmp_path, None) as server:
        server.status, server.location = 302, other.url
        address = f"{server.url}/the%20remote.git"
        ended = terminal.run("state", "push", STATE_REMOTE=address, STATE_TOKEN=TOKEN)

    assert (ended.code, server.seen, other.seen) == (1, [[f"Basic {BASIC}"]], [])


@pytest.mark.parametrize("partial", [True, False])
def test_a_push_transfers_no_unchanged_snapshot(tmp_path, partial):
    remote = make_remote(tmp_path / "r.git")
    run_git("config", "uploadpack.allowFilter", str(partial), cwd=remote)
    snapshot = Random(1).randbytes(50_000).hex()  # noqa: S311 - incompressible, not secret
    with git_server(tmp_path, None) as server:
        one, two = (workspace(tmp_path / name, f"{server.url}/r.git") for name in ("one", "two"))
        write(one, account(AB, account="1", snapshot=snapshot) | account(EF, snapshot=snapshot))
        succeed((one, "push"), (two, "pull"))
        write(two, account(AB, account="2", snapshot=snapshot[1:]))
        write(one, account(CD, account="1"))
        succeed((two, "push"), (one, "push"))
        server.largest = 0
        write(one, account(EF, account="2", snapshot="small"))
        succeed((one, "push"))

    assert (server.largest < 50_000) == partial
    assert kept(remote) == files_of(one)
    assert files_of(one)[f"accounts/{AB}/snapshot"] == snapshot[1:]


def test_the_settings_of_a_person_have_no_effect(terminal, tmp_path):
    put(tmp_path, {"hooks/pre-push": "#!/bin/sh\nexit 1\n"})
    (tmp_path / "hooks" / "pre-push").chmod(0o755)
    put(terminal.workspace, {"attributes": "* text eol=crlf\n"})
    (terminal.workspace / ".gitconfig").write_text(
        f'[core]\n\thooksPath = "{tmp_path}/hooks"\n\tautocrlf = true\n'
        "\tattributesFile = ~/attributes\n[push]\n\tgpgSign = true\n[fetch]\n\tprune = true\n"
    )
    terminal.environ |= {"GIT_DIR": "/", "GIT_INDEX_FILE": "/-/-", "GIT_DEFAULT_HASH": "sha256"}
    write(terminal, account(AB, account="a\r\nb\n", token="a\nb\n"))
    succeed((terminal, "push"))
    before = files_of(terminal)
    shutil.rmtree(terminal.workspace / "data")
    succeed((terminal, "pull"))

    assert files_of(terminal) == before


def test_twelve_pushes_at_once_all_land(tmp_path):
    remote = make_remote(tmp_path / "remote.git")
    first = workspace(tmp_path / "first", remote)
    write(first, account("f" * 16, account="first"))
    succeed((first, "push"))
    expected, writers = files_of(first), []
    for number in range(12):
        files = account(f"{number:016x}", account=f"{number}", snapshot=f"{number}" * 5000)
        writers.append(workspace(tmp_path / f"{number}", remote))
        shutil.copytree(first.workspace / "data", writers[-1].workspace / "data")
        write(writers[-1], files)
        expected |= files

    ended = [result_of(run) for run in [one.begin("state", "push") for one in writers]]

    assert [one.err for one in ended if one.code] == []
    assert kept(remote) == expected
    assert commits(remote) == 1


@pytest.fixture
def template(tmp_path):
    """A remote that others have changed since `ours`, with changes of its own, saw it; and `new`,
    a workspace that never saw it.
    """
    place = tmp_path / "template"
    make_remote(place / "remote.git")
    ours, others, _ = (
        workspace(place / name, "../remote.git") for name in ("ours", "others", "new")
    )
    for name in (AB, CD):
        write(others, account(name, account="1", token="1"))
    succeed((others, "push"), (ours, "pull"))
    write(others, account(AB, account="theirs", snapshot="theirs"))
    write(others, dict.fromkeys(account(CD, account="", token="")))
    write(others, account(EF, account="new", token="new") | {f"pending/{AB}": "new"})
    succeed((others, "push"))
    write(
        ours, account(AB, token="ours") | account(CD, snapshot="ours") | {f"pending/{CD}": "ours"}
    )
    return place


def deaths(template, name, verb, stride=1):
    """For the steps of a run in a copy of that workspace: the workspace, once it was killed."""
    step, killed = 0, True
    while killed:
        step += stride
        place = template.with_name(str(step))
        shutil.copytree(template, place)
        environ = {"STATE_REMOTE": "../remote.git", "STATE_PAUSE": "0"}
        terminal = Terminal(place / name, environ=environ)
        code, _, err = terminal.begin("state", verb, limits=Limits(dies_at_step=step)).wait()
        assert code in (0, -signal.SIGKILL), err
        killed = code != 0
        yield terminal
    assert step > 25


def test_a_push_killed_anywhere_is_completed_by_the_next(template):
    for terminal in deaths(template, "ours", "push", stride=5):
        succeed((terminal, "push"))

        assert files_of(terminal) == {
            "schema.json": SCHEMA,
            f"pending/{AB}": "new",
            f"pending/{CD}": "ours",
            **account(AB, account="theirs", snapshot="theirs", token="ours"),
            **account(EF, account="new", token="new"),
        }
        assert kept(terminal.workspace.parent / "remote.git") == files_of(terminal)
        home = terminal.workspace / "data" / ".branch"
        assert {path.name for path in home.iterdir()} == {"base.json", "base"}


def test_changes_after_a_killed_pull_are_not_lost(template):
    numbers = set()
    for terminal in deaths(template, "new", "pull", stride=4):
        arrived = files_of(terminal)
        expected = kept(template / "remote.git")
        if f"accounts/{AB}/account" in arrived:
            write(terminal, account(AB, account="later"))
            expected |= account(AB, account="later")
        if f"accounts/{EF}/account" in arrived:
            write(terminal, dict.fromkeys(account(EF, account="", token="")))
            expected = {path: text for path, text in expected.items() if EF not in path}
        numbers.add((len(arrived), len(expected)))
        succeed((terminal, "pull"), (terminal, "push"))

        assert files_of(terminal) == kept(terminal.workspace.parent / "remote.git") == expected
    assert (
        {(0, 7), (7, 5)}
        < numbers
        <= {(0, 7), (1, 7), (2, 7), (3, 7), (4, 7), (5, 7), (6, 7), (7, 5)}
    )
