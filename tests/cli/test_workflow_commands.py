"""The commands of the workflows, without the workflows: plan, shards, run and dispatch."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from generator.derive.shards import Shard

from generator.demo import Person
from generator.domain.account import Privacy
from tests.cli.accounts import keep, opened
from tests.cli.running import TOKEN, Terminal, make_shelf

OTHER_TOKEN = "pat_0fSomebodyElse"
LATELY = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)


@pytest.fixture
def kay(discogs):
    """Somebody else at Discogs."""
    discogs.people["Kay"] = Person("Kay", id=78, copies=make_shelf(3, first=101), token=OTHER_TOKEN)
    return "Kay"


@pytest.fixture
def two(terminal, kay):
    """A workspace with two accounts: demo is public, kay private; neither was synced."""
    terminal.connect().connect("kay", "--privacy=private", DISCOGS_TOKEN=OTHER_TOKEN)
    return terminal


def step(terminal, inputs=None, *, private=False):
    """Have a terminal be a step of a workflow: started by hand where there are inputs."""
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


def outputs(terminal):
    """What later steps are handed, and forgotten with that."""
    path = terminal.workspace / "output"
    text = path.read_text() if path.exists() else ""
    path.unlink(missing_ok=True)
    return dict(line.split("=", 1) for line in text.splitlines())


def synced_lately(terminal, *names):
    """Let accounts be inside their cooldown."""
    for name in names:
        keep(terminal, replace(opened(terminal)[name], last_sync=LATELY))


def test_a_plan_counts_the_jobs_it_takes(two):
    """One for a few; more when a job is worth less; none where nobody is due, but by hand one."""
    step(two)
    one = two.run("plan")
    told = outputs(two)
    many = two.run("plan", "--requests", "1").out
    outputs(two)
    synced_lately(two, "demo", "kay")
    idle = two.run("plan")
    nothing = outputs(two)
    by_hand = step(two, {}).run("plan")

    assert (one.out, one.err) == ('["1/1"]\n', "2 accounts to sync, 1 job\n")
    assert told == {"count": "1", "shards": '["1/1"]'}
    assert set(json.loads(many)) <= {"1/2", "2/2"}
    assert (idle.out, idle.err) == ("[]\n", "0 accounts to sync, 0 jobs\n")
    assert nothing == {"count": "0", "shards": "[]"}
    assert by_hand.out == '["1/1"]\n'


def test_a_plan_is_for_whom_was_filled_in(two):
    """One account alone; all of them with force."""
    synced_lately(two, "demo", "kay")

    forced = step(two, {"force": "true"}).run("plan")
    named = step(two, {"account": "kay"}).run("plan")
    unknown = step(two, {"account": "nobody"}).run("plan")

    assert forced.err == "2 accounts to sync, 1 job\n"
    assert named.err == "1 account to sync, 1 job\n"
    assert unknown.code == 2
    assert unknown.complaints[0] == "error: account: no account has this name"


def test_a_plan_without_a_key_or_with_the_wrong_one(configured, synced):
    """The first is a new instance; the second is a failure, told of as ever."""
    new = step(configured).run("plan")
    wrong = step(synced, {}).run("plan", OAUTH_ENCRYPTION_KEY="A" * 20 + "bcdefghijklmnopqrstuvwx")

    assert (new.code, new.out) == (0, "[]\n")
    assert wrong.code == 12


@pytest.mark.parametrize("arguments", [["sync"], []])
def test_what_was_filled_in_says_whom_to_sync(two, arguments):
    """For the bare command and for sync, by hand only."""
    synced_lately(two, "demo", "kay")
    by_schedule = step(two).run(*arguments)
    by_hand = step(two, {"account": "demo", "force": "true"}).run(*arguments)

    assert "no account is due" in by_schedule.err
    assert "demo: 12 copies synced" in by_hand.err
    assert "Kay" not in by_hand.err
    assert opened(two)["kay"].synced_at is None


def test_names_on_the_command_line_come_first(two):
    """Whatever was filled in."""
    ended = step(two, {"account": "demo", "force": "true"}).run("sync", "kay")

    assert opened(two)["demo"].synced_at is None
    assert f"{opened(two)['kay'].id}: 3 copies synced" in ended.err


def shares(terminal):
    """The shard of two each account belongs to."""
    return {
        name: next(shard for shard in (Shard(1, 2), Shard(2, 2)) if shard.has(account.id))
        for name, account in opened(terminal).items()
    }


def test_a_shard_hands_over_what_it_learnt(two, tmp_path_factory):
    """Only of its own accounts, sealed; taken over it is as if it had been learnt at home."""
    home = Terminal(tmp_path_factory.mktemp("home"), two.discogs, dict(two.environ)).configure()
    for path, text in two.state().items():
        place = home.workspace / path.relative_to(two.workspace)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text)
    share, results = shares(two)["demo"], two.workspace / "results"
    ours = {name for name, one in shares(two).items() if one == share}

    ended = two.run("sync", "--results", "results", GATEFOLD_SHARD=str(share))
    files = {path.relative_to(results).as_posix() for path in results.rglob("*") if path.is_file()}
    adopted = home.run("state", "adopt", str(results))

    ids = {name: account.id for name, account in opened(two).items()}
    assert (ended.code, adopted.code) == (0, 0)
    assert files == {"schema.json"} | {
        f"accounts/{ids[name]}/{file}" for name in ours for file in ("account", "snapshot")
    }
    assert {name for name, one in opened(home).items() if one.synced_at} == ours
    assert opened(home)["demo"] == opened(two)["demo"]


def test_the_shards_are_all_there_is(two):
    """Every due account is in one of them."""
    told = [two.run("sync", "--shard", f"{number}/2").err for number in (1, 2)]

    assert sorted(line for text in told for line in text.splitlines() if "synced" in line) != []
    assert all(account.synced_at for account in opened(two).values())


def test_failures_of_a_shard_are_among_its_results(two, discogs):
    """The codes are those of every sync; for a workflow they are no failure of the job."""
    discogs.people["demo"].token = discogs.people["Kay"].token = "pat_Other"
    strict = two.run("sync", "--results", "strict")
    lenient = two.run("sync", "--lenient", "--results", "lenient")

    assert (strict.code, lenient.code) == (13, 0)
    for name in ("strict", "lenient"):
        assert len(list((two.workspace / name).glob("accounts/*/account"))) == 2


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--shard", "4/3"], "error: --shard: must be I/N, such as 2/3"),
        (["--results", "data"], "error: --results: must be a new directory, or an empty one"),
    ],
)
def test_a_share_that_cannot_be_meant_is_refused(connected, arguments, complaint):
    """As bad usage, before anything is asked."""
    ended = connected.run("sync", *arguments)

    assert (ended.code, ended.complaints[0]) == (2, complaint)


def fail(terminal, *names, failures=0):
    """Let Discogs refuse these accounts from now on, after so many failures."""
    for name in names:
        keep(terminal, replace(opened(terminal)[name], failures=failures))
        terminal.discogs.people[{"kay": "Kay"}.get(name, name)].token = "pat_Other"


@pytest.mark.parametrize(
    ("failing", "failures", "code", "publish"),
    [
        ([], 0, 0, "true"),
        (["kay"], 0, 0, "true"),
        (["kay"], 1, 0, "true"),
        (["kay"], 2, 1, "true"),
        (["demo", "kay"], 0, 13, "false"),
    ],
)
def test_a_run_fails_when_all_did_or_one_for_the_third_time(two, failing, failures, code, publish):
    """What is good is built in any case, and published if there is any news."""
    fail(two, *failing, failures=failures)
    ended = step(two).run("run")

    assert ended.code == code
    assert outputs(two) == {"publish": publish}
    assert (two.workspace / "site" / "index.html").is_file()


def test_a_failure_beside_fresh_accounts_is_a_warning(two):
    """Also when nobody else was due: a failed account is tried by every run."""
    fail(two, "kay")
    first, second, third = (step(two).run("run").code for _ in range(3))

    assert (first, second, third) == (0, 0, 1)
    assert opened(two)["kay"].failures == 3


def test_a_run_says_how_each_account_fared(two):
    """A row each; whoever failed is a warning as well, and goes by its id unless public."""
    fail(two, "kay")
    ended = step(two).run("run")
    kay = opened(two)["kay"]
    what = kay.problem

    assert f"::warning title=Gatefold::{kay.id}: {what}\n" in ended.err
    assert (
        f"warning: {kay.id}: {what}; reconnect: build-site connect {kay.id} --token\n" in ended.err
    )
    rows = (two.workspace / "summary.md").read_text().splitlines()
    assert rows[:2] == ["| account | |", "|---|---|"]
    shown = what.replace(":", "&#58;")
    assert sorted(rows[2:]) == sorted(["| demo | 12 copies |", f"| {kay.id} | {shown} |"])
    assert "kay" not in (ended.err + ended.out).lower()


def test_a_cooldown_is_no_failure_of_a_run(two):
    """Whoever presses the button too early is told so, and the site is published."""
    synced_lately(two, "demo", "kay")
    ended = step(two, {"account": "demo"}).run("run")

    assert (ended.code, outputs(two)) == (0, {"publish": "true"})
    assert "next sync possible at" in (two.workspace / "summary.md").read_text()


def test_tokens_are_masked_before_they_are_used(two):
    """Every one of them, and no code of a login is ever printed."""
    ended = step(two).run("run")

    assert {f"::add-mask::{TOKEN}", f"::add-mask::{OTHER_TOKEN}"} <= set(ended.err.splitlines())
    shown = [line for line in ended.err.splitlines() if not line.startswith("::add-mask::")]
    assert TOKEN not in "".join([*shown, ended.out])


def test_a_run_takes_over_what_jobs_learnt(two, discogs):
    """Each a directory; one that cannot be used fails the run and does not stop the others."""
    fail(two, "kay")
    two.run("sync", "--lenient", "--results", "results/results-0")
    (two.workspace / "results" / "results-1").mkdir()
    newer = two.workspace / "results" / "results-1" / "schema.json"
    newer.write_text('{"schema": 2}')
    refused = step(two).run("run", "--results", "results")
    published = outputs(two)
    newer.unlink()
    good = two.run("run", "--results", "results")

    assert (refused.code, good.code) == (1, 0)
    assert len(refused.complaints) == 2
    assert published == {"publish": "true"}
    assert "results-1/schema.json: this state has schema 2" in refused.complaints[0]
    assert f"::warning title=Gatefold::{opened(two)['kay'].id}: " in good.err


def test_a_run_without_any_results_builds(two):
    """When every job died, what is kept is still good; their jobs are red."""
    ended = step(two).run("run", "--results", "nowhere")

    assert (ended.code, outputs(two)) == (0, {"publish": "false"})


@pytest.mark.parametrize(
    ("inputs", "complaint"),
    [
        ({}, "action: must be one of connect, verify, privacy, disconnect"),
        ({"action": "forged"}, "action: must be one of connect, verify, privacy, disconnect"),
        (
            {"action": "connect", "account": "$(forged)"},
            "NAME: must be 1 to 40 of a-z 0-9 - _ . and start and end with a letter or digit",
        ),
        ({"action": "connect", "account": "a", "privacy": "forged"}, "privacy: must be private, "),
        ({"action": "verify", "code": ""}, "CODE: is no code"),
        ({"action": "verify", "code": "for\0ged"}, "CODE: is no code"),
        ({"action": "privacy", "account": "demo"}, "privacy: choose private, "),
        (
            {"action": "privacy", "account": "forged", "privacy": "public"},
            "account: no account has this name",
        ),
        ({"action": "disconnect", "account": "forged"}, "account: no account has this name"),
        ({"action": "disconnect", "account": ""}, "NAME: must be 1 to 40"),
    ],
)
def test_what_cannot_be_done_is_not_repeated(connected, inputs, complaint):
    """Exit 2, in words that have nothing of what was filled in."""
    ended = step(connected, inputs).run("dispatch")

    assert ended.code == 2
    assert ended.complaints[0].startswith(f"error: {complaint}")
    assert "forged" not in ended.out + ended.err
    assert outputs(connected) == {}


def test_another_user_s_name_at_discogs_is_not_told(connected, discogs, kay):
    """Where a code belongs to somebody else than the account does."""
    first = step(connected, {"action": "connect", "account": "demo"}).run("dispatch")
    key = first.out.strip().rpartition("=")[2]
    code = discogs.authorize(key, "Kay").verifier
    ended = step(connected, {"action": "verify", "code": code}).run("dispatch")

    assert (ended.code, ended.complaints[0]) == (
        2,
        "error: account: belongs to another user of Discogs",
    )
    assert [word for word in ("Kay", code) if word in ended.out + ended.err] == []


def test_who_is_connected_again_at_another_level_is_seen_at_once(synced, discogs):
    """The site follows; a reconnect at the same level has nothing to publish."""
    published = []
    for level in ("unchanged", "private"):
        inputs = {"action": "connect", "account": "demo", "privacy": level}
        key = step(synced, inputs).run("dispatch").out.strip().rpartition("=")[2]
        inputs = {"action": "verify", "code": discogs.authorize(key, "demo").verifier}
        assert step(synced, inputs).run("dispatch").code == 0
        published.append(outputs(synced)["publish"])

    assert published == ["false", "true"]
    assert opened(synced)["demo"].privacy is Privacy.PRIVATE


@pytest.mark.parametrize("private", [True, False])
def test_a_new_link_is_told_in_private_only(synced, private):
    """In a repository that others can read, its owner draws another at home."""
    inputs = {"action": "privacy", "account": "demo", "privacy": "unlisted"}
    ended = step(synced, inputs, private=private).run("dispatch")
    slug = opened(synced)["demo"].slug

    assert (ended.code, outputs(synced)) == (0, {"publish": "true"})
    assert (ended.out == f"x/{slug}/\n") is private
    masks = [line for line in ended.err.splitlines() if slug in line]
    assert masks == ([] if private else [f"::add-mask::{slug}"])


def test_an_unlisted_account_goes_by_its_id_where_its_link_stays(synced):
    """Its name is not told either by the words that say how to draw another link."""
    inputs = {"action": "privacy", "account": "demo", "privacy": "unlisted"}
    step(synced, inputs).run("dispatch")
    again = step(synced, inputs).run("dispatch")
    account = opened(synced)["demo"]

    assert again.err.splitlines()[:3] == [
        f"::add-mask::{account.slug}",
        f"{account.id} is unlisted now",
        (
            f"its link is the one it had; build-site privacy {account.id} unlisted --new-link "
            "draws another, and the old one ends"
        ),
    ]
    assert "demo" not in again.out + again.err


def test_a_missing_key_is_told_with_what_to_set(configured):
    """It is red here, because somebody waits for it."""
    inputs = {"action": "connect", "account": "demo"}
    ended = step(configured, inputs).run("dispatch")

    assert ended.code == 12
    assert (configured.workspace / "summary.md").read_text().startswith("### Something is missing")
