"""The commands of the workflows, without the workflows: plan, run and dispatch."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from generator.actions.shards import Shard
from generator.demo.api import Person
from generator.domain.account import Privacy
from tests.cli.accounts import keep_status, opened, state_of
from tests.cli.running import OTHER_KEY, TOKEN, Terminal, make_shelf, step
from tests.factories import make_collection
from tests.store.branches import make_remote

OTHER_TOKEN = "pat_0fSomebodyElse"
JUST_NOW = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)


@pytest.fixture
def kay(discogs):
    """A second person at Discogs."""
    discogs.people["Kay"] = Person("Kay", id=78, copies=make_shelf(3, first=101), token=OTHER_TOKEN)
    return "Kay"


@pytest.fixture
def two(terminal, kay):
    """A workspace with two accounts that were never synced: demo is public, kay private."""
    terminal.connect().connect("kay", "--privacy=private", DISCOGS_TOKEN=OTHER_TOKEN)
    return terminal


def outputs(terminal):
    """The values for later steps since the last call."""
    path = terminal.workspace / "output"
    text = path.read_text() if path.exists() else ""
    path.unlink(missing_ok=True)
    return dict(line.split("=", 1) for line in text.splitlines())


def synced_just_now(terminal, *names):
    for name in names:
        state_of(terminal).save_collection(opened(terminal)[name].id, make_collection())
        keep_status(
            terminal,
            name,
            connection=opened(terminal)[name].connection,
            synced_at=JUST_NOW,
            last_sync=JUST_NOW,
        )


def refuse(terminal, *names):
    """Let Discogs refuse these accounts from now on."""
    for name in names:
        terminal.discogs.people[{"kay": "Kay"}.get(name, name)].token = "pat_Other"


def test_a_plan_counts_the_jobs(two):
    step(two)
    one = two.run("plan")
    planned = outputs(two)
    many = two.run("plan", "--requests", "1").out
    outputs(two)
    synced_just_now(two, "demo", "kay")
    idle = two.run("plan")
    nothing = outputs(two)
    by_hand = step(two, {}).run("plan")

    assert (one.out, one.err) == ('["1/1"]\n', "2 accounts to sync, 1 job\n")
    assert planned == {"count": "1", "shards": '["1/1"]'}
    assert set(json.loads(many)) <= {"1/2", "2/2"}
    assert (idle.out, idle.err) == ("[]\n", "0 accounts to sync, 0 jobs\n")
    assert nothing == {"count": "0", "shards": "[]"}
    assert by_hand.out == '["1/1"]\n'


def test_a_plan_follows_the_form(two):
    synced_just_now(two, "demo", "kay")

    forced = step(two, {"force": "true"}).run("plan")
    named = step(two, {"account": "kay"}).run("plan")
    unknown = step(two, {"account": "nobody"}).run("plan")

    assert forced.err.splitlines()[-1] == "2 accounts to sync, 1 job"
    assert named.err.splitlines()[-1] == "1 account to sync, 1 job"
    assert unknown.code == 2
    assert unknown.complaints == [
        "error: account: no such account",
        "hint: use the name as it is in the address of its page",
    ]


def test_a_plan_without_a_key_is_green_and_with_a_wrong_one_fails(configured, synced):
    new = step(configured).run("plan")
    wrong = step(synced, {}).run("plan", OAUTH_ENCRYPTION_KEY=OTHER_KEY)

    assert (new.code, new.out) == (0, "[]\n")
    assert wrong.code == 12


def test_a_run_follows_the_form(two):
    synced_just_now(two, "demo", "kay")
    by_schedule = step(two).run("run")
    by_hand = step(two, {"account": "demo", "force": "true"}).run("run")

    assert "no account is due" in by_schedule.err
    assert "demo: 12 copies synced" in by_hand.err
    assert opened(two)["kay"].status.synced_at == JUST_NOW


def shares(terminal):
    """The shard of two that each account belongs to."""
    return {
        name: next(shard for shard in (Shard(1, 2), Shard(2, 2)) if shard.includes(account.id))
        for name, account in opened(terminal).items()
    }


def test_a_shard_hands_over_the_sealed_files_it_changed(two, tmp_path_factory):
    home = Terminal(tmp_path_factory.mktemp("home"), two.discogs, dict(two.environ)).configure()
    for path, text in two.state().items():
        place = home.workspace / path.relative_to(two.workspace)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text)
    share, results = shares(two)["demo"], two.workspace / "results/results-0"
    ours = {name for name, one in shares(two).items() if one == share}

    ended = two.run("run", "--results", str(results), GATEFOLD_SHARD=str(share))
    files = {path.relative_to(results).as_posix() for path in results.rglob("*") if path.is_file()}
    collected = home.run("run", "--results", str(results.parent))

    ids = {name: account.id for name, account in opened(two).items()}
    assert (ended.code, collected.code) == (0, 0)
    assert files == {"schema.json"} | {
        f"accounts/{ids[name]}/{file}" for name in ours for file in ("status", "snapshot")
    }
    assert {name for name, one in opened(home).items() if one.status.synced_at} == ours
    assert opened(home)["demo"] == opened(two)["demo"]


def test_every_due_account_is_in_one_of_the_shards(two):
    for number in (1, 2):
        two.run("run", "--shard", f"{number}/2", "--results", f"results/{number}")

    assert all(account.status.synced_at for account in opened(two).values())


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--shard", "4/3", "--results", "x"], "error: --shard: must be I/N, such as 2/3"),
        (["--shard", "1/1"], "error: --shard: needs --results DIR"),
        (
            ["--shard", "1/1", "--results", "data"],
            "error: --results: must be a new directory, or an empty one",
        ),
    ],
)
def test_a_share_that_makes_no_sense_is_bad_usage(connected, arguments, complaint):
    ended = connected.run("run", *arguments)

    assert (ended.code, f"{complaint}\n" in ended.err) == (2, True)
    assert connected.discogs.requests == []


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
def test_a_run_fails_if_all_accounts_fail_or_one_for_the_third_time(
    two, failing, failures, code, publish
):
    refuse(two, *failing)
    for _ in range(failures):
        two.run("sync", *failing)
    ended = step(two).run("run")

    assert ended.code == code
    assert outputs(two) == {"publish": publish, "masters": "missing"}
    assert (two.workspace / "site" / "index.html").is_file()


def test_a_failure_beside_accounts_in_their_cooldown_is_a_warning_twice(two):
    refuse(two, "kay")
    codes = [step(two).run("run").code for _ in range(3)]

    assert codes == [0, 0, 1]
    assert opened(two)["kay"].status.failures == 3


@pytest.mark.parametrize("private", [True, False])
def test_a_run_shows_the_outcome_of_each_account(two, private):
    refuse(two, "kay")
    ended = step(two, private=private).run("run")
    kay = opened(two)["kay"]
    what = "failed; the reason is not shown in a log that others can read"
    hint = "in a clone, build-site state pull and build-site accounts show it"
    if private:
        what, hint = kay.problem.what, "reconnect: Actions → Connect, action connect"

    assert f"::warning title={kay.id}::{what}. {hint}\n" in ended.err
    rows = (two.workspace / "summary.md").read_text().splitlines()
    assert rows[:2] == ["| | where | what | what to do |", "|---|---|---|---|"]
    shown = [cell.replace(":", "&#58;") for cell in (kay.id, what, hint)]
    assert sorted(rows[2:]) == sorted(
        ["| ✅ | demo | 12 copies |  |", f"| ⚠️ | {' | '.join(shown)} |"]
    )
    assert "kay" not in (ended.err + ended.out).lower()


def test_a_cooldown_is_not_a_failure_of_the_run(two):
    synced_just_now(two, "demo", "kay")
    ended = step(two, {"account": "demo"}).run("run")

    assert (ended.code, outputs(two)) == (0, {"publish": "true", "masters": "missing"})
    assert "next sync possible at" in (two.workspace / "summary.md").read_text()


def test_a_run_without_any_results_builds(two):
    ended = step(two).run("run", "--results", "nowhere")

    assert (ended.code, outputs(two)) == (0, {"publish": "false", "masters": "missing"})


def test_results_that_cannot_be_used_fail_the_run_and_stop_no_others(two):
    refuse(two, "kay")
    two.run("run", "--shard", "1/1", "--results", "results/results-0")
    newer = two.workspace / "results/results-1/schema.json"
    newer.parent.mkdir()
    newer.write_text('{"schema": 3}')
    refused = step(two).run("run", "--results", "results")
    published = outputs(two)
    newer.unlink()
    good = two.run("run", "--results", "results")

    assert (refused.code, good.code) == (1, 0)
    assert published == {"publish": "true", "masters": "missing"}
    assert refused.complaints[0].startswith("error: results-1/schema.json: this state has schema 3")
    assert f"::warning title={opened(two)['kay'].id}::" in good.err


def test_tokens_are_masked_before_they_are_used(two):
    ended = step(two).run("run")

    assert {f"::add-mask::{TOKEN}", f"::add-mask::{OTHER_TOKEN}"} <= set(ended.err.splitlines())
    shown = [line for line in ended.err.splitlines() if not line.startswith("::add-mask::")]
    assert TOKEN not in "".join([*shown, ended.out])


@pytest.mark.parametrize(
    ("inputs", "complaint"),
    [
        ({}, "action: must be one of connect, verify, privacy, disconnect"),
        ({"action": "forged"}, "action: must be one of connect, verify, privacy, disconnect"),
        (
            {"action": "connect", "account": "$(forged)"},
            "account: must be 1 to 40 of a-z 0-9 - _ . and start and end with a letter or digit",
        ),
        ({"action": "connect", "account": "a", "privacy": "forged"}, "privacy: must be private, "),
        ({"action": "verify", "code": ""}, "code: does not hold a code"),
        ({"action": "verify", "code": "for\0ged"}, "code: does not hold a code"),
        ({"action": "privacy", "account": "demo"}, "privacy: choose private, "),
        (
            {"action": "privacy", "account": "forged", "privacy": "public"},
            "account: no such account",
        ),
        ({"action": "disconnect", "account": "forged"}, "account: no such account"),
        ({"action": "disconnect", "account": ""}, "account: must be 1 to 40"),
    ],
)
def test_a_form_that_cannot_be_carried_out_is_not_repeated(connected, inputs, complaint):
    ended = step(connected, inputs).run("dispatch")

    assert ended.code == 2
    assert ended.complaints[0].startswith(f"error: {complaint}")
    assert "forged" not in ended.out + ended.err
    assert outputs(connected) == {}


def test_the_name_of_another_discogs_user_is_not_shown(connected, discogs, kay):
    first = step(connected, {"action": "connect", "account": "demo"}).run("dispatch")
    key = first.out.strip().rpartition("=")[2]
    code = discogs.authorize(key, "Kay").verifier
    ended = step(connected, {"action": "verify", "code": code}).run("dispatch")

    assert (ended.code, ended.complaints[0]) == (
        2,
        "error: demo: belongs to another user of Discogs",
    )
    assert [word for word in ("Kay", code) if word in ended.out + ended.err] == []


def test_a_reconnect_at_another_level_is_published_at_once(synced, discogs):
    published = []
    for level in ("unchanged", "private"):
        inputs = {"action": "connect", "account": "demo", "privacy": level}
        key = step(synced, inputs).run("dispatch").out.strip().rpartition("=")[2]
        inputs = {"action": "verify", "code": discogs.authorize(key, "demo").verifier}
        outputs(synced)
        assert step(synced, inputs).run("dispatch").code == 0
        published.append(outputs(synced)["publish"])

    assert published == ["false", "true"]
    assert opened(synced)["demo"].privacy is Privacy.PRIVATE


@pytest.mark.parametrize("private", [True, False])
def test_a_new_link_is_printed_in_a_private_repository_only(synced, private):
    inputs = {"action": "privacy", "account": "demo", "privacy": "unlisted"}
    ended = step(synced, inputs, private=private).run("dispatch")
    slug = opened(synced)["demo"].slug

    assert (ended.code, outputs(synced)) == (0, {"publish": "true"})
    assert (ended.out == f"x/{slug}/\n") is private
    masks = [line for line in ended.err.splitlines() if slug in line]
    assert masks == ([] if private else [f"::add-mask::{slug}"])


def test_an_unlisted_account_appears_under_its_id_where_its_link_stays(synced):
    inputs = {"action": "privacy", "account": "demo", "privacy": "unlisted"}
    step(synced, inputs).run("dispatch")
    again = step(synced, inputs).run("dispatch")
    account = opened(synced)["demo"]

    assert again.err.splitlines()[:3] == [
        f"::add-mask::{account.slug}",
        f"{account.id} is now unlisted",
        (f"its link is unchanged; build-site privacy {account.id} unlisted --new-link replaces it"),
    ]
    assert "demo" not in again.out + again.err


def test_a_missing_key_shows_the_steps_of_the_set_up(configured):
    inputs = {"action": "connect", "account": "demo"}
    ended = step(configured, inputs).run("dispatch")

    assert ended.code == 12
    assert (configured.workspace / "summary.md").read_text().startswith("### A setting is missing")


@pytest.mark.parametrize("level", ["private", "unlisted"])
def test_a_run_under_way_publishes_no_account_that_was_taken_off_meanwhile(
    synced, tmp_path_factory, owner, level
):
    remote = make_remote(tmp_path_factory.mktemp("remote") / "state.git")
    for name, value in {"STATE_REMOTE": str(remote), "STATE_PAUSE": "0"}.items():
        synced.environ[name] = value
    laptop = Terminal(tmp_path_factory.mktemp("laptop"), synced.discogs, dict(synced.environ))
    assert synced.run("state", "push").code == 0
    assert laptop.configure().run("state", "pull").code == 0

    assert laptop.run("privacy", "demo", level).code == 0
    assert laptop.run("state", "push").code == 0
    owner.copies += make_shelf(1, first=13)
    ended = step(synced, {"force": "true"}).run("run", "--push")

    assert ended.code == 0
    assert not (synced.workspace / "site/u").exists()
    assert opened(synced)["demo"].privacy == level
    assert opened(synced)["demo"].status.records == 13
    assert laptop.run("state", "pull").code == 0
    assert opened(laptop)["demo"] == opened(synced)["demo"]


@pytest.mark.parametrize("purpose", ["snapshot", "account"])
def test_a_run_that_lost_an_account_publishes_nothing_and_says_why(two, purpose):
    two.run("sync")
    account = opened(two)["demo"]
    synced_just_now(two, "kay")
    two.discogs.people["demo"].token = "pat_Other"
    place = two.workspace / "data/accounts" / account.id / purpose
    place.write_bytes(place.read_bytes()[:-9] + b"tampered}")

    ended = step(two, {}).run("run")

    assert (ended.code, outputs(two)) == (1, {"publish": "false", "masters": "missing"})
    assert "has no pages in this build, so nothing is published" in ended.err
