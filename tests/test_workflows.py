"""The workflows are plain: one call a step, no logic, pinned actions, least rights."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")

every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)


def load(path):
    # YAML 1.1, which PyYAML speaks, reads the key `on` as true.
    return {("on" if key is True else key): value for key, value in _parsed(path).items()}


def _parsed(path):
    return yaml.safe_load(path.read_text("utf-8"))


def steps(path):
    return [step for job in load(path)["jobs"].values() for step in job["steps"]]


def test_there_are_workflows():
    """The other tests look at something."""
    assert {"ci.yml", "publish.yml"} <= {path.name for path in WORKFLOWS}


@every_workflow
def test_actions_are_pinned_to_a_commit(path):
    """Every action is named by its full commit, with the version beside it for people."""
    used = re.findall(r"uses: (.*)", path.read_text("utf-8"))

    assert [name for name in used if not PINNED.fullmatch(name)] == []


@every_workflow
def test_a_step_is_one_call(path):
    """A run is one line that calls build-site or make, and holds no expression."""
    calls = [step["run"] for step in steps(path) if "run" in step]

    assert [run for run in calls if not re.fullmatch(r"(build-site|make)( [\w./=-]+)*", run)] == []


@every_workflow
def test_called_targets_exist(path):
    """What a run makes is a target of the Makefile."""
    made = {
        step["run"].split()[1] for step in steps(path) if step.get("run", "").startswith("make")
    }
    targets = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))

    assert made <= targets


@every_workflow
def test_every_job_ends_and_runs_on_a_named_system(path):
    """A job has a time-out and a fixed system."""
    jobs = load(path)["jobs"].values()

    assert [job for job in jobs if not 0 < job.get("timeout-minutes", 0) <= 60] == []
    assert {job["runs-on"] for job in jobs} == {"ubuntu-24.04"}


@every_workflow
def test_rights_are_given_per_job(path):
    """A workflow starts with no rights; each job says what it needs."""
    workflow = load(path)

    assert workflow["permissions"] == {}
    assert all(job["permissions"] for job in workflow["jobs"].values())


@every_workflow
def test_only_steps_see_secrets(path):
    """No secret is in the environment of a whole workflow or job."""
    workflow = load(path)

    assert "env" not in workflow
    assert [name for name, job in workflow["jobs"].items() if "env" in job] == []


@every_workflow
def test_checkouts_keep_no_credentials(path):
    """A checkout leaves no token behind in the repository's configuration."""
    checkouts = [step for step in steps(path) if "actions/checkout" in step.get("uses", "")]

    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_ci_knows_no_secret():
    """Anybody's pull request runs CI, so nothing secret is within its reach."""
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")

    assert "secrets." not in text
    assert set(load(ROOT / ".github" / "workflows" / "ci.yml")["on"]) == {"push", "pull_request"}


def test_runs_that_write_state_wait_for_each_other():
    """Publishing runs queue up: none is cancelled, and no two write the state at once."""
    publish = load(ROOT / ".github" / "workflows" / "publish.yml")

    assert publish["concurrency"] == {
        "group": "state",
        "queue": "max",
        "cancel-in-progress": False,
    }


def test_only_deploying_jobs_reach_pages():
    """The job that may publish checks out nothing; the one that reads secrets may not publish."""
    jobs = load(ROOT / ".github" / "workflows" / "publish.yml")["jobs"]

    assert jobs["build"]["permissions"] == {"contents": "write"}
    assert jobs["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert [step["uses"].partition("@")[0] for step in jobs["deploy"]["steps"]] == [
        "actions/deploy-pages"
    ]
