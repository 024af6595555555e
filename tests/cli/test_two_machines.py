"""Two machines, one branch, any order: no site shows more than the owner's latest word allows."""

import shutil
import time
from random import Random

import pytest

from tests.cli.accounts import opened
from tests.cli.running import Terminal, make_shelf
from tests.store.branches import make_remote

LEVELS = ("public", "unlisted", "private")


def sites_of(terminal):
    """The trees in the site, and whether the index, the sitemap or a feed names the account."""
    site = terminal.workspace / "site"
    trees = {
        f"{path.parent.parent.name}/{path.parent.name}" for path in site.glob("[ux]/*/feed.xml")
    }
    texts = [(site / name).read_text() for name in ("index.html", "sitemap.xml")]
    return trees, any("u/demo/" in text for text in texts)


def killed(terminal, chance, *arguments):
    """A run that dies at some moment."""
    run = terminal.begin(*arguments)
    time.sleep(chance.uniform(0.02, 0.3))
    run.kill()
    run.wait()


class World:
    """Two machines with the same account, and the owner's latest word about it."""

    def __init__(self, machines, owner):
        self.machines, self.owner = machines, owner
        self.chance = Random(0)  # noqa: S311 - nothing secret comes from it
        self.level, self.links = "public", set()

    def choose(self, machine, level, *options):
        """A choice counts once it is pushed."""
        self.level = level
        for command in (["pull"], ["privacy", "demo", level, *options], ["push"]):
            run(machine, *(command if command[0] == "privacy" else ["state", *command]))

    def act(self, machine, action):
        match action:
            case "choose":
                self.choose(machine, self.chance.choice(LEVELS))
            case "link" if self.level == "unlisted":
                self.links.add(opened(machine)["demo"].slug)
                self.choose(machine, self.level, "--new-link")
            case "sync":
                self.owner.copies += make_shelf(1, first=200 + len(self.owner.copies))
                run(machine)
            case "kill":
                killed(
                    machine, self.chance, *self.chance.choice([[], ["build"], ["state", "push"]])
                )
            case "build":
                run(machine, "build")
            case "push" | "pull":
                run(machine, "state", action)

    def settle(self):
        """Let both machines have everything of each other, and build."""
        for machine in self.machines * 2:
            for command in (["state", "push"], ["state", "pull"], ["build"]):
                run(machine, *command)


def run(machine, *arguments):
    assert machine.run(*arguments).code == 0


@pytest.fixture
def machines(connected, tmp_path_factory):
    """Two machines that keep the state on one branch."""
    remote = make_remote(tmp_path_factory.mktemp("remote") / "state.git")
    connected.environ |= {"STATE_REMOTE": str(remote), "STATE_PAUSE": "0"}
    connected.configure('[site]\nbase_url = "https://me.example/"\n[sync]\ncooldown = "0s"\n')
    other = Terminal(tmp_path_factory.mktemp("other"), connected.discogs, dict(connected.environ))
    shutil.copy(connected.workspace / "site.toml", other.workspace)
    run(connected)
    run(connected, "state", "push")
    run(other, "state", "pull")
    return connected, other


def test_no_order_of_actions_undoes_the_latest_word(machines, owner):
    world = World(machines, owner)
    actions = ["choose", "link", "sync", "build", "push", "pull", "kill"]
    for _ in range(18):
        world.act(world.chance.choice(machines), world.chance.choice(actions))

    world.settle()
    one, other = (opened(machine)["demo"] for machine in machines)
    assert one.privacy == other.privacy == world.level
    assert one.slug == other.slug not in world.links
    trees = {"public": {"u/demo"}, "unlisted": {f"x/{one.slug}"}, "private": set()}[world.level]
    assert [sites_of(machine) for machine in machines] == [(trees, world.level == "public")] * 2

    run(world.chance.choice(machines), "disconnect", "demo", "--yes")
    world.settle()
    assert [sites_of(machine) for machine in machines] == [(set(), False)] * 2
