"""The workflows are plain: one call a step, no logic, pinned actions, least rights."""

import json
import re
from pathlib import Path

import pytest
import yaml

from generator import __version__
from generator.actions.steps import FORM_ACTIONS, UNCHANGED
from generator.domain.account import Privacy
from tests.workflows.acting import PROGRAM

ROOT = Path(__file__).parents[1]
DIRECTORY = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(DIRECTORY.glob("*.yml"))
INSTANCE = ROOT / "instance"
CALLERS = sorted((INSTANCE / ".github" / "workflows").glob("*.yml"))
STATEFUL = ("connect.yml", "publish.yml")
PRIVATE_FIRST = ("private", "unlisted", "public")
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")

every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def load(path):
    # YAML 1.1, which PyYAML speaks, reads the key `on` as true.
    return {("on" if key is True else key): value for key, value in _parsed(path).items()}


def _parsed(path):
    return yaml.safe_load(path.read_text("utf-8"))


def steps(path):
    return [step for job in own_jobs(path).values() for step in job["steps"]]


def own_jobs(path):
    """The jobs of a workflow, without those that call another workflow."""
    jobs = load(path)["jobs"].items()
    return {name: job for name, job in jobs if not job.get("uses", "").startswith("$/")}


def calls(job):
    """What the steps of a job run."""
    return [step["run"] for step in job["steps"] if "run" in step]


def actions(job):
    """The actions the steps of a job use, without their versions."""
    return [step["uses"].partition("@")[0] for step in job["steps"] if "uses" in step]


def test_there_are_workflows():
    assert {"ci.yml", "connect.yml", "masters.yml", "publish.yml", "release.yml"} == {
        path.name for path in WORKFLOWS
    }


@every_workflow
def test_actions_are_pinned_to_a_commit(path):
    used = re.findall(r"uses: (.*)", path.read_text("utf-8"))
    ours = {f"$/.github/workflows/{one.name}" for one in WORKFLOWS}

    assert [name for name in used if not PINNED.fullmatch(name) and name not in ours] == []


@every_workflow
def test_a_step_is_one_call(path):
    calls = [step["run"] for step in steps(path) if "run" in step]

    assert [
        run for run in calls if not re.fullmatch(r"(build-site|make|sleep)( [\w./=-]+)*", run)
    ] == []


@every_workflow
def test_called_targets_exist(path):
    made = {
        step["run"].split()[-1] for step in steps(path) if step.get("run", "").startswith("make")
    }
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))

    assert made <= targets


@every_workflow
def test_every_job_ends_and_runs_on_a_named_system(path):
    jobs = own_jobs(path).values()

    assert [job for job in jobs if not 0 < job.get("timeout-minutes", 0) <= 60] == []
    assert {job["runs-on"] for job in jobs} == {"ubuntu-24.04"}


@every_workflow
def test_rights_are_given_per_job(path):
    workflow = load(path)

    assert workflow["permissions"] == {}
    assert all(job["permissions"] for job in workflow["jobs"].values())


@every_workflow
def test_only_steps_see_secrets(path):
    workflow = load(path)

    assert "env" not in workflow
    assert [name for name, job in workflow["jobs"].items() if "env" in job] == []


@every_workflow
def test_checkouts_keep_no_credentials(path):
    checkouts = [step for step in steps(path) if "actions/checkout" in step.get("uses", "")]

    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_ci_knows_no_secret():
    text = (DIRECTORY / "ci.yml").read_text("utf-8")

    assert "secrets." not in text
    assert set(load(DIRECTORY / "ci.yml")["on"]) == {"push", "pull_request"}


@pytest.mark.parametrize("name", STATEFUL)
def test_runs_that_write_state_wait_for_each_other(name):
    assert load(DIRECTORY / name)["concurrency"] == {
        "group": "state",
        "queue": "max",
        "cancel-in-progress": False,
    }


@pytest.mark.parametrize("name", STATEFUL)
def test_only_deploying_jobs_reach_pages(name):
    jobs = own_jobs(DIRECTORY / name)
    deploy = jobs.pop("deploy")

    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
    assert actions(deploy) == ["actions/deploy-pages"] * 2
    others = [scope for job in jobs.values() for scope in job["permissions"].items()]
    assert {scope for scope in others if scope[0] != "contents"} <= {("pages", "read")}
    assert all(job["environment"] == {"name": "sync", "deployment": False} for job in jobs.values())


@pytest.mark.parametrize("name", STATEFUL)
def test_only_committing_jobs_may_write(name):
    jobs = own_jobs(DIRECTORY / name).values()
    reading = [job for job in jobs if job["permissions"].get("contents") == "read"]
    writing = [job for job in jobs if job["permissions"].get("contents") == "write"]

    assert all("build-site state push" not in calls(job) for job in reading)
    assert all("build-site state push" in calls(job) for job in writing)
    assert writing


@pytest.mark.parametrize("name", STATEFUL)
def test_secrets_come_from_an_environment(name):
    jobs = own_jobs(DIRECTORY / name).values()
    naming = [job for job in jobs if "secrets." in json.dumps(job)]

    assert naming
    assert {job["environment"]["name"] for job in naming} == {"sync"}


@every_workflow
def test_nobody_else_starts_a_run(path):
    allowed = {"push", "pull_request", "schedule", "workflow_call", "workflow_dispatch"}

    assert set(load(path)["on"]) <= allowed


def test_nothing_is_handed_to_a_program_but_by_its_environment():
    texts = [(DIRECTORY / name).read_text("utf-8") for name in STATEFUL]

    handed = r"inputs\.|github\.event\.(?!repository\.default_branch)"
    assert [text for text in texts if re.search(handed, text)] == []


def test_only_public_data_are_cached():
    cached = {
        step["with"]["path"]
        for path in WORKFLOWS
        for step in steps(path)
        if step.get("uses", "").startswith("actions/cache")
    }

    assert cached == {"data/masters.sqlite"}


def test_levels_to_choose_from_are_those_there_are():
    form = load(DIRECTORY / "connect.yml")["on"]["workflow_dispatch"]["inputs"]

    assert form["privacy"]["options"] == [UNCHANGED, *sorted(Privacy, key=PRIVATE_FIRST.index)]
    assert form["privacy"]["default"] == UNCHANGED
    assert form["action"]["options"] == list(FORM_ACTIONS)


def test_a_thin_instance_holds_a_handful_of_files():
    found = {path.relative_to(INSTANCE).as_posix() for path in INSTANCE.rglob("*")}

    assert {name for name in found if (INSTANCE / name).is_file()} == {
        ".github/dependabot.yml",
        ".gitignore",
        "README.md",
        "site.toml",
        *(f".github/workflows/{name}.yml" for name in ("connect", "masters", "publish")),
    }


@pytest.mark.parametrize("path", CALLERS, ids=lambda path: path.name)
def test_a_thin_instance_calls_this_version_with_the_same_events(path):
    caller, called = load(path), load(DIRECTORY / path.name)
    (job,) = caller["jobs"].values()
    passed = called["on"].pop("workflow_call") or {}

    assert job["uses"] == f"{PROGRAM}/.github/workflows/{path.name}@v{__version__}"
    assert set(job.get("secrets", {})) == set(passed.get("secrets", {}))
    assert caller["on"] == called["on"]


@pytest.mark.parametrize("path", CALLERS, ids=lambda path: path.name)
def test_a_thin_instance_grants_what_is_needed_and_no_more(path):
    (job,) = load(path)["jobs"].values()
    needed: dict[str, str] = {}
    for one in load(DIRECTORY / path.name)["jobs"].values():
        for scope, level in one["permissions"].items():
            needed[scope] = max(needed.get(scope, ""), level)

    assert job["permissions"] == needed
