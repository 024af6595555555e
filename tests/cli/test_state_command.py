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

WRITERS = 12
TOKEN = "gho_Zq7TokenOfThisTest"
BASIC = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
SECRETS = {
    "OAUTH_ENCRYPTION_KEY": "key-of-this-test",
    "DISCOGS_TOKEN": "pat-of-this-test",
    "STATE_TOKEN": TOKEN,
}
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


def test_every_step_prints_its_result(terminal, remote, tmp_path):
    """One line each, on stderr, and the output `changed` for the steps of a workflow."""
    output = tmp_path / "output"
    terminal.environ["GITHUB_OUTPUT"] = str(output)
    steps = [terminal.run("state", "push"), terminal.run("state", "pull")]
    write(terminal, account(AB, account="1"))
    steps += [terminal.run("state", verb) for verb in ("push", "push", "pull")]
    tip = run_git("rev-parse", "--short=7", "state", cwd=remote).strip()

    assert [(step.code, step.out) for step in steps] == [(0, "")] * 5
    assert [step.err for step in steps] == [
        "state: nothing to push\n",
        "state: no branch yet; this is a new instance\n",
        f"state: pushed {tip}\n",
        "state: nothing to push\n",
        f"state: at {tip}\n",
    ]
    changes = ["false", "false", "true", "false", "false"]
    assert output.read_text() == "".join(f"changed={change}\n" for change in changes)


def test_dropped_changes_are_a_warning(terminal, remote, tmp_path):
    """The run that loses names the account by its id."""
    other = workspace(tmp_path / "other", remote)
    write(terminal, account(AB, account="1"))
    for one, verb in ((terminal, "push"), (other, "pull")):
        assert one.run("state", verb).code == 0
    write(terminal, {f"accounts/{AB}/account": None})
    write(other, account(AB, account="2"))
    assert terminal.run("state", "push").code == 0

    assert other.run("state", "push").err == (
        f"warning: accounts/{AB}: {DROPPED}\nstate: nothing to push\n"
    )


def test_the_remote_is_the_option_else_the_variable_else_origin(tmp_path):
    """An empty variable counts as unset."""
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


def test_a_relative_remote_starts_from_the_workspace(terminal, remote, tmp_path):
    """Wherever the command was called."""
    write(terminal, account(AB, account="1"))
    place = Terminal(tmp_path, environ=terminal.environ)
    ended = place.run(
        "-C", terminal.workspace.name, "state", "push", "--remote", "../the remote.git"
    )

    assert (ended.code, set(kept(remote))) == (0, {"schema.json", f"accounts/{AB}/account"})


NOWHERE = "http://127.0.0.1:9/somebody/records"


@pytest.mark.parametrize(
    ("environ", "code", "error", "hint"),
    [
        (
            {"STATE_REMOTE": NOWHERE},
            1,
            f"cannot reach {NOWHERE}: ",
            "check the address, the network and the free space",
        ),
        (
            {"STATE_REMOTE": f"http://x:p@{TOKEN}@127.0.0.1:9/records"},
            1,
            "cannot reach http://127.0.0.1:9/records: ",
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
    """In one line and a hint, even with tracebacks; no secret is in either, or in any file."""
    write(terminal, account(AB, account="1"))
    ended = loud(terminal, "push", **environ)
    [first, second] = ended.complaints

    assert (ended.code, second) == (code, f"hint: {hint}")
    assert first.startswith(f"error: state: {error.format(workspace=terminal.workspace)}")
    files = [path.read_bytes() for path in terminal.workspace.rglob("*") if path.is_file()]
    assert [text for text in (ended.err.encode(), *files) if TOKEN.encode() in text] == []


def loud(terminal, verb, **environ):
    """A run that prints everything it can, tracebacks too."""
    code, out, err = terminal.begin("-v", "--debug", "state", verb, **environ).wait()
    return Ended(code, out.decode(), err.decode())


def test_a_workspace_is_needed(tmp_path, remote):
    """Without site.toml nothing is written."""
    terminal = Terminal(tmp_path, environ={"STATE_REMOTE": str(remote)})

    assert [terminal.run("state", verb).code for verb in ("pull", "push")] == [10] * 2
    assert not (tmp_path / "data").exists()


def test_one_run_at_a_time(terminal):
    """Another run in the workspace may be in the middle of its changes."""
    write(terminal, account(AB, account="1"))
    locked = terminal.workspace / "data" / ".lock"
    command = ["flock", str(locked), "sleep", "30"]
    with subprocess.Popen(command, start_new_session=True) as other:
        while subprocess.run(["flock", "-n", str(locked), "true"], check=False).returncode == 0:
            time.sleep(0.01)
        code = terminal.run("state", "push").code
        killpg(other.pid, signal.SIGKILL)

    assert code == 11


def record_git(place, terminal):
    """Put a git first on PATH that records its arguments and those variables of secrets it has."""
    log, program = place / "git.log", place / "bin" / "git"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\n(printf "%s\\n" "$@"; env | grep -E "^(OAUTH|DISC|STATE)") >>"{log}"\n'
        f'exec {REAL_GIT} "$@"\n'
    )
    program.chmod(0o755)
    terminal.environ["PATH"] = f"{program.parent}:{terminal.environment()['PATH']}"
    return log


def test_a_token_opens_the_remote_and_is_seen_nowhere(terminal, remote, tmp_path):
    """Not in an argument of any process, a file or a message; git inherits no other secret."""
    log = record_git(tmp_path, terminal)
    terminal.environ |= SECRETS | {"GIT_TRACE": "2", "GIT_CURL_VERBOSE": "1"}
    write(terminal, account(AB, account="1"))

    with git_server(tmp_path, f"Basic {BASIC}") as server:
        (terminal.workspace / ".gitconfig").write_text(
            f"[trace2]\n\tnormalTarget = {tmp_path / 'trace'}\n\tconfigParams = http.*\n"
            f'[http "{server.url}/"]\n\textraHeader = Authorization: Basic of a person\n'
            f'[credential]\n\thelper = "!touch {tmp_path / "asked"};"\n'
        )
        terminal.environ["STATE_REMOTE"] = address = f"{server.url}/the%20remote.git"
        runs = [loud(terminal, "push"), loud(terminal, "pull")]
        server.authorization = "Basic of somebody else"
        runs.append(loud(terminal, "pull"))
        server.status = 403
        runs.append(loud(terminal, "pull"))

    assert [ended.code for ended in runs] == [0, 0, 1, 1], runs
    assert [header for header in server.seen if header != [f"Basic {BASIC}"]] == []
    refused = f"error: state: no access to {address}: "
    assert [ended.complaints[0].startswith(refused) for ended in runs[2:]] == [True, True]
    assert log.read_text().count("\npush\n") == 1
    assert not (tmp_path / "asked").exists()
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    seen = b"\n".join((*files, *server.command_lines, *(ended.err.encode() for ended in runs)))
    assert [secret for secret in (*SECRETS.values(), BASIC) if secret.encode() in seen] == []


def test_a_token_does_not_follow_a_redirect(terminal, remote, tmp_path):
    """It belongs to one host."""
    write(terminal, account(AB, account="1"))
    with git_server(tmp_path, None) as other, git_server(tmp_path, None) as server:
        server.status, server.location = 302, other.url
        ended = terminal.run(
            "state", "push", STATE_REMOTE=f"{server.url}/the%20remote.git", STATE_TOKEN=TOKEN
        )

    assert (ended.code, server.seen, other.seen) == (1, [[f"Basic {BASIC}"]], [])


@pytest.mark.parametrize("partial", [True, False])
def test_a_push_transfers_no_unchanged_snapshot(tmp_path, partial):
    """Over HTTP and without a token; a server that cannot send parts sends everything."""
    remote = make_remote(tmp_path / "r.git")
    run_git("config", "uploadpack.allowFilter", str(partial), cwd=remote)
    snapshot = Random(1).randbytes(50_000).hex()  # noqa: S311 - incompressible, not secret
    with git_server(tmp_path, None) as server:
        one, two = (workspace(tmp_path / name, f"{server.url}/r.git") for name in ("one", "two"))
        write(one, account(AB, account="1", snapshot=snapshot) | account(EF, snapshot=snapshot))
        for terminal, verb in ((one, "push"), (two, "pull")):
            assert terminal.run("state", verb).code == 0
        write(two, account(AB, account="2", snapshot=snapshot[1:]))
        write(one, account(CD, account="1"))
        for terminal in (two, one):
            assert terminal.run("state", "push").code == 0
        server.largest = 0
        write(one, account(EF, account="2", snapshot="small"))
        assert one.run("state", "push").code == 0

    assert (server.largest < 50_000) == partial
    assert kept(remote) == files_of(one)
    assert files_of(one)[f"accounts/{AB}/snapshot"] == snapshot[1:]


def test_the_settings_of_a_person_have_no_effect(terminal, remote, tmp_path):
    """Hooks, signatures, conversions and formats are for other work."""
    hooks = tmp_path / "hooks"
    put(hooks, {"pre-push": "#!/bin/sh\nexit 1\n"})
    (hooks / "pre-push").chmod(0o755)
    put(terminal.workspace, {"attributes": "* text eol=crlf\n"})
    (terminal.workspace / ".gitconfig").write_text(
        f'[core]\n\thooksPath = "{hooks}"\n\tautocrlf = true\n\tattributesFile = ~/attributes\n'
        "[push]\n\tgpgSign = true\n\tfollowTags = true\n[commit]\n\tgpgSign = true\n"
        "[fetch]\n\tprune = true\n[i18n]\n\tcommitEncoding = latin1\n"
    )
    terminal.environ |= {"GIT_DIR": "/", "GIT_INDEX_FILE": "/-/-", "GIT_DEFAULT_HASH": "sha256"}
    write(terminal, account(AB, account="a\r\nb\n", token="a\nb\n"))
    assert terminal.run("state", "push").code == 0
    before = files_of(terminal)
    shutil.rmtree(terminal.workspace / "data")

    assert terminal.run("state", "pull").code == 0
    assert files_of(terminal) == before


def test_results_of_shards_are_adopted(terminal, tmp_path):
    """A directory that is refused does not stop the others."""
    write(terminal, account(AB, account="1", token="t"))
    good, gone, bad = (tmp_path / name for name in ("good", "gone", "bad"))
    put(good, account(AB, account="2"))
    put(gone, account(CD, account="3"))
    put(bad, {"schema.json": '{"schema": 2}', **account(AB, account="3")})
    names = [str(place) for place in (bad, gone, good)]
    ended = terminal.run("state", "adopt", *names)

    assert ended.code == 3
    assert [line for line in ended.err.splitlines() if not line.startswith("hint: ")] == [
        "error: bad/schema.json: this state has schema 2, and this version knows none above 1",
        f"warning: accounts/{CD}: {DROPPED}",
        "state: 1 file adopted",
    ]
    assert files_of(terminal) == {"schema.json": SCHEMA, **account(AB, account="2", token="t")}
    assert terminal.run("state", "adopt", str(bad)).code == 1
    assert terminal.run("state", "adopt", str(good)).code == 0
    assert terminal.run("state", "adopt", str(tmp_path / "none")).code == 2


def test_twelve_pushes_at_once_all_land(tmp_path):
    """Each within ten tries, without losing anything of another."""
    remote = make_remote(tmp_path / "remote.git")
    first = workspace(tmp_path / "first", remote)
    write(first, account("f" * 16, account="first"))
    assert first.run("state", "push").code == 0
    expected, writers = files_of(first), []
    for number in range(WRITERS):
        files = account(f"{number:016x}", account=f"{number}", snapshot=f"{number}" * 5000)
        writers.append(workspace(tmp_path / f"{number}", remote))
        shutil.copytree(first.workspace / "data", writers[-1].workspace / "data")
        write(writers[-1], files)
        expected |= files

    ended = [result_of(run) for run in [one.begin("state", "push") for one in writers]]

    assert [one.err for one in ended if one.code] == []
    assert kept(remote) == expected
    assert commits(remote) == 1


def changed_by_both(place):
    """A remote that another run has changed, and a workspace with changes of its own."""
    make_remote(place / "remote.git")
    ours, others = (workspace(place / name, "../remote.git") for name in ("ours", "others"))
    for name in (AB, CD, EF):
        write(others, account(name, account="1", token="1", snapshot="1"))
    for terminal, verb in ((others, "push"), (ours, "pull")):
        assert terminal.run("state", verb).code == 0
    write(others, account(AB, account="theirs", snapshot="theirs"))
    write(others, dict.fromkeys(account(CD, account="", token="", snapshot="")))
    write(others, account("00" * 8, account="new", token="new") | {f"pending/{AB}": "new"})
    write(ours, account(EF, account="ours") | account(CD, snapshot="ours"))
    write(ours, account("11" * 8, account="ours") | {f"pending/{CD}": "ours"})
    assert others.run("state", "push").code == 0
    workspace(place / "new", "../remote.git")
    return ours


def killed_at(template, place, verb, step):
    """A copy of the workspace and remote, and whether a run in it was killed at this step."""
    shutil.copytree(template.workspace.parent, place)
    terminal = Terminal(place / template.workspace.name, environ=template.environ)
    code, _, err = terminal.begin("state", verb, limits=Limits(dies_at_step=step)).wait()
    assert code in (0, -signal.SIGKILL), err
    return terminal, code != 0


def base_of(terminal):
    """The file that remembers what a pull does."""
    return terminal.workspace / "data" / ".branch" / "base.json"


@pytest.mark.parametrize(("verb", "name"), [("push", "ours"), ("pull", "new")])
def test_a_run_killed_anywhere_is_completed_by_the_next(tmp_path, verb, name):
    """Before every start of git and every change of a file: it ends as if it had not been killed.

    A push begins with a pull; the pull here is the first of its workspace.
    """
    template = changed_by_both(tmp_path / "template")
    template = Terminal(template.workspace.with_name(name), environ=template.environ)
    whole, _ = killed_at(template, tmp_path / "whole", verb, None)
    expected = files_of(whole), kept(tmp_path / "whole" / "remote.git")
    step, killed = 0, True
    while killed:
        step += 1
        place = tmp_path / str(step)
        terminal, killed = killed_at(template, place, verb, step)
        assert terminal.run("state", verb).code == 0
        assert (files_of(terminal), kept(place / "remote.git")) == expected, step
        assert list((terminal.workspace / "data" / ".branch").iterdir()) == [base_of(terminal)]
    assert step > 40


def test_changes_after_a_killed_pull_are_not_lost(tmp_path):
    """An account that has just arrived can be disconnected, another one changed."""
    template = changed_by_both(tmp_path / "template")
    new, step, killed, arrived = "00" * 8, 0, True, set()
    while killed:
        step += 1
        place = tmp_path / str(step)
        terminal, killed = killed_at(template, place, "pull", step)
        if base_of(terminal).read_text() == base_of(template).read_text():
            continue  # nothing was done yet
        there = f"accounts/{new}/account" in files_of(terminal)
        if there:
            write(terminal, dict.fromkeys(account(new, account="", token="")))
        write(terminal, account(AB, account="later"))
        assert terminal.run("state", "push").code == 0
        files = kept(place / "remote.git")
        assert files == files_of(terminal)
        assert files[f"accounts/{AB}/account"] == "later"
        assert (f"accounts/{new}/account" in files, f"accounts/{new}/token" in files) == (
            not there,
            not there,
        )
        assert [name for name in files if CD in name] == [f"pending/{CD}"]
        arrived.add((there, killed))
    assert arrived == {(False, True), (True, True), (True, False)}
