"""The workflows as they are, run on this machine by act, with stubs where an action is called."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from generator.store.state import State
from generator.store.vault import Vault
from tests.cli.running import KEY
from tests.store.branches import Writer, make_remote, run_git

CHECKOUT = Path(__file__).parents[2]
SOURCES = CHECKOUT / ".github" / "workflows"
TEMPLATE = CHECKOUT / "instance"
_PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
PROGRAM = _PROJECT["urls"]["Source"].removeprefix("https://github.com/")
"""The repository that the workflows of a thin instance call."""
TOKEN = "ghs_OfThisRepository"
STUBS = {
    "checkout": 'if [ -n "$INPUT_REPOSITORY" ]; then'
    ' echo "$INPUT_REPOSITORY $INPUT_PATH" >> "$SHELF/programs"; fi',
    "setup-python": "",
    "cache/restore": 'if [ -f "$SHELF/cache" ]; then mkdir -p data'
    ' && cp "$SHELF/cache" "$INPUT_PATH"; fi',
    "cache/save": 'cp "$INPUT_PATH" "$SHELF/cache" && echo "$INPUT_KEY" > "$SHELF/key"',
    "upload-pages-artifact": 'rm -rf "$SHELF/pages" && cp -R "$INPUT_PATH" "$SHELF/pages"',
    "deploy-pages": 'echo x >> "$SHELF/tries"; [ ! -e "$SHELF/broken" ]'
    ' && rm -rf "$SHELF/live" && mv "$SHELF/pages" "$SHELF/live"',
    "upload-artifact": 'if [ -d "$INPUT_PATH" ]; then mkdir -p "$SHELF/results"'
    ' && cp -R "$INPUT_PATH" "$SHELF/results/$(echo "$INPUT_NAME" | tr / -)"; fi',
    "download-artifact": 'if [ -d "$SHELF/results" ]; then cp -R "$SHELF/results" "$INPUT_PATH";'
    ' rm -rf "$SHELF/results"; fi',
}
"""What the actions do here: what was uploaded or deployed lies on a shelf."""

ACTION = """\
name: stub
description: stands in for an action
inputs:
  path: {{description: path, required: false}}
  name: {{description: name, required: false}}
  key: {{description: key, required: false}}
  repository: {{description: repository, required: false}}
runs:
  using: composite
  steps:
    - run: |
        :
        {script}
      shell: sh
      env:
        INPUT_PATH: ${{{{ inputs.path }}}}
        INPUT_NAME: ${{{{ inputs.name }}}}
        INPUT_KEY: ${{{{ inputs.key }}}}
        INPUT_REPOSITORY: ${{{{ inputs.repository }}}}
"""
BUILD_SITE = """\
#!/bin/sh
if [ "$1" = run ] && [ -n "$GATEFOLD_SHARD" ] && [ "$GATEFOLD_SHARD" = "$CRASHING" ]; then
  kill -9 $$
fi
exec "{python}" -m generator "$@"
"""
AUTHOR = ("-c", "user.name=x", "-c", "user.email=x@localhost")
MAKE = '#!/bin/sh\n[ "$*" = "-C .gatefold setup" ]\n'


def find_act():
    """The path of act, or None where it is not installed."""
    beside = Path(sys.executable).with_name("act")
    return str(beside) if beside.exists() else shutil.which("act")


@dataclass(frozen=True)
class Done:
    """A run of a workflow that has ended."""

    jobs: dict[str, str]
    """How each job ended; one that was skipped is missing."""
    log: str
    """Everything anybody can read: act is told to hide nothing, and a mask is no line of a log."""
    summary: str
    steps: tuple[str, ...]
    """The steps that began, in their order, without the actions."""
    warnings: tuple[str, ...]
    masked: frozenset[str]


@dataclass
class Repository:
    """A copy of this repository, or a thin instance, with its secrets and the branch `state`."""

    place: Path
    discogs_url: str
    secrets: dict[str, str]
    variables: dict[str, str] = field(default_factory=dict)
    tag: str | None = None
    """The version of Gatefold that a thin instance calls; None for a copy."""

    def __post_init__(self):
        for name in ("shelf", "home", "bin"):
            (self.place / name).mkdir(parents=True)
        self.remote = make_remote(self.place / "state.git")
        work = self.place / "work"
        if self.tag:
            shutil.copytree(TEMPLATE, work)
            self.offer(self.tag)
        else:
            work.mkdir()
            (work / "site.toml").write_text("")
        write_workflows(work / ".github" / "workflows", TEMPLATE if self.tag else CHECKOUT)
        for arguments in (
            ("init", "--quiet", "--initial-branch=main"),
            ("add", "--all"),
            (*AUTHOR, "commit", "--quiet", "--message", "From the template"),
            ("remote", "add", "origin", "https://github.com/somebody/records.git"),
        ):
            run_git(*arguments, cwd=self.place / "work")
        program(self.place / "bin" / "build-site", BUILD_SITE.format(python=sys.executable))
        program(self.place / "bin" / "make", MAKE)
        program(self.place / "bin" / "sleep", "#!/bin/sh\n")

    @property
    def live(self):
        """The collections in the site that was deployed last; None before the first time."""
        site = self.place / "shelf" / "live"
        return sorted(path.name for path in site.glob("u/*")) if site.is_dir() else None

    def offer(self, tag):
        """Release Gatefold under a version tag; the name of a step says which it is."""
        place = self.place / "released" / tag / ".github" / "workflows"
        write_workflows(place, own=f"{PROGRAM}/.github/workflows/\\1@{tag}")
        publish = place / "publish.yml"
        publish.write_text(publish.read_text().replace("name: Plan\n", f"name: Plan {tag}\n"))

    def update(self, tag):
        """Merge what Dependabot proposes: the lines that changed."""
        changed = []
        for path in sorted((self.place / "work/.github/workflows").glob("*.yml")):
            lines = path.read_text().splitlines()
            after = [re.sub(rf"(uses: {PROGRAM}/.*)@.*", rf"\1@{tag}", line) for line in lines]
            changed += [new for old, new in zip(lines, after, strict=True) if old != new]
            path.write_text("\n".join(after))
        return changed

    def unpublish(self):
        """Forget what was deployed, so that it is seen when something is deployed again."""
        shutil.rmtree(self.place / "shelf" / "live")

    def keep(self, *accounts, key=KEY):
        """Put accounts with their tokens on the branch `state`, as earlier runs left them."""
        writer = Writer(self.place / f"earlier-{key[:4]}" / "data", self.remote)
        state = state_in(writer, key)
        for account, token in accounts:
            state.save_credentials(account.id, token)
            state.save_account(account)
        writer.push()

    def accounts(self):
        """The accounts on the branch `state`, by name."""
        writer = Writer(self.place / "look" / "data", self.remote)
        writer.pull()
        return {one.name: one for one in state_in(writer).load_accounts().accounts}

    def push(self, settings):
        """A run by a push of another site.toml."""
        (self.place / "work" / "site.toml").write_text(settings, "utf-8")
        return self.run("publish.yml", trigger="push")

    def run(self, workflow, inputs=None, trigger="schedule", **variables):
        """A run by schedule or a push, or by hand with these inputs."""
        event = self.place / "event.json"
        about = {"private": False, "default_branch": "main"}
        event.write_text(
            json.dumps({"inputs": inputs, "repository": about, "ref": "refs/heads/main"})
        )
        ended = subprocess.run(
            [
                find_act(),
                trigger if inputs is None else "workflow_dispatch",
                *("--workflows", f".github/workflows/{workflow}"),
                *("--platform", "ubuntu-24.04=-self-hosted"),
                *("--eventpath", str(event)),
                *("--action-cache-path", str(self.place / "cache")),
                *("--artifact-server-addr", "127.0.0.1", "--no-cache-server"),
                *("--action-offline-mode", "--pull=false", "--json", "--insecure-secrets"),
                *self._stubs(),
                *(word for name in self.secrets for word in ("--secret", name)),
            ],
            cwd=self.place / "work",
            env=self._environ() | self.secrets | self.variables | variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return read_log(ended.stdout)

    def _environ(self):
        return {
            "PATH": f"{self.place / 'bin'}:{os.defpath}",
            "HOME": str(self.place / "home"),
            "PYTHONPATH": str(CHECKOUT),
            "SHELF": str(self.place / "shelf"),
            "STATE_REMOTE": str(self.remote),
            "DISCOGS_API_URL": self.discogs_url,
            "DISCOGS_WEB_URL": self.discogs_url,
            "DISCOGS_DATA_URL": self.discogs_url,
        }

    def _stubs(self):
        for release in (self.place / "released").glob("*"):
            yield from ("--local-repository", f"{PROGRAM}@{release.name}={release}")
        used = set()
        for path in SOURCES.glob("*.yml"):
            used |= set(re.findall(r"uses: actions/([\w/-]+)@([0-9a-f]+)", path.read_text("utf-8")))
        for name, commit in sorted(used):
            if name not in STUBS:
                continue  # only in workflows that are not run here
            stub = self.place / "stubs" / name
            stub.mkdir(parents=True, exist_ok=True)
            (stub / "action.yml").write_text(ACTION.format(script=STUBS[name]))
            action = name.partition("/")[0]
            place = self.place / "stubs" / action
            yield from ("--local-repository", f"actions/{action}@{commit}={place}")


def state_in(writer, key=KEY):
    """The state that a writer pulled or is about to push."""
    return State(writer.data, lambda: Vault.from_setting(key))


def write_workflows(place, source=CHECKOUT, own=r"./.github/workflows/\1"):
    """Copy the workflows, without what act does not know; they name each other as `own` says."""
    place.mkdir(parents=True, exist_ok=True)
    for path in (source / ".github" / "workflows").glob("*.yml"):
        text = re.sub(r"(?m)^ *(queue: max|deployment: false)\n", "", path.read_text("utf-8"))
        text = text.replace("strategy.job-index", "matrix.shard")
        text = re.sub(r"(?<=uses: )\$/\.github/workflows/(.*)", own, text)
        text = text.replace("job.workflow_repository", f"'{PROGRAM}'")
        (place / path.name).write_text(text)


def program(path, text):
    """Write something that can be run."""
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def read_log(text):
    """What there is to know of a run, from what act says of it."""
    entries = [json.loads(line) for line in text.splitlines() if line.startswith("{")]

    def told(command, key="arg"):
        return tuple(one[key] for one in entries if one.get("command") == command)

    begun = [one["msg"] for one in entries if one["msg"].startswith("⭐ Run Main ")]
    steps = [step.removeprefix("⭐ Run Main ") for step in begun]
    return Done(
        {one["jobID"]: one["jobResult"] for one in entries if "jobResult" in one},
        "\n".join(one["msg"] for one in entries),
        "".join(told("summary", "content")),
        tuple(step for step in steps if step[0].isupper()),
        told("warning"),
        frozenset(told("add-mask")),
    )
