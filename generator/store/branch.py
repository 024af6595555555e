"""The sealed state on an orphan branch of a git remote, where any number of runs may write at once.

`data/.branch` remembers which commit `data/` came from; everything is compared with that.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from random import Random

from generator.errors import StateError
from generator.store import files, state
from generator.store.git import Git, Refused
from generator.store.git_setup import WHERE
from generator.store.history import History, Limits
from generator.store.listings import (
    Changes,
    Listing,
    is_kept,
    load_listing,
    outdone,
    own_changes,
    put_together,
)
from generator.store.origin import Origin, load_origin, save_origin

_FEW_FILES = 16


@dataclass(frozen=True, slots=True)
class Patience:
    """How a refused push is tried again: after pauses drawn from a span that doubles."""

    tries: int = 10
    pause: float = 1.0
    """What the span starts from, in seconds, unless a try takes longer: the more writers there
    are, and the slower the remote, the further apart they have to be."""
    sleep: Callable[[float], None] = time.sleep
    draw: Callable[[float, float], float] = Random().uniform  # noqa: S311 - no secret
    clock: Callable[[], float] = time.monotonic

    def wait(self, number: int, begun: float) -> None:
        """Wait after try `number`, counted from 1, which was begun at that time of the clock."""
        span = max(self.pause, self.clock() - begun)
        self.sleep(self.draw(0, span * 2 ** min(number, 5)))


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a command."""

    commit: str | None
    """Where the branch is, or will be; None without a branch."""
    changed: bool
    files: int = 0
    """How many of our own files were brought there."""
    tries: int = 0
    outdone: tuple[str, ...] = ()
    """Accounts whose changes were dropped, because another run disconnected them."""


class Branch:
    """The branch of one state directory, whose lock the caller holds."""

    def __init__(
        self,
        data: Path,
        git: Git,
        now: datetime,
        patience: Patience = Patience(),
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        self._data = data
        self._git = git
        self._history = History(data, git, now, limits)
        self._patience = patience
        self._origin = load_origin(data) or Origin()

    def pull(self) -> Kept:
        """Brings `data/` to where the branch is; what was changed here and not pushed yet stays.

        Raises StateError for a remote that gives no answer, for state that is not this branch's,
        and for state of a newer version.
        """
        before = load_listing(self._data)
        if before and load_origin(self._data) is None:
            raise StateError(
                self._data.name,
                "holds state that never came from the branch",
                "push it with build-site state push, or move it away",
            )
        self._resume()
        seen = self._fetch()
        base, ours = self._ours()
        dropped = outdone(self._listing(seen), ours, base) if seen else ()
        self._move_to(seen)
        return Kept(seen, changed=load_listing(self._data) != before, outdone=dropped)

    def commit(self) -> Kept:
        """One commit of what differs from the branch as last seen; the remote is not asked."""
        self._resume()
        base, ours = self._ours()
        if not ours:
            return Kept(self._origin.base, changed=False)
        draft = self._drafted(self._origin.base, base, put_together(base, ours, base))
        self._save(replace(self._origin, draft=draft))
        return Kept(draft, changed=True, files=len(ours))

    def push(self) -> Kept:
        """Commits what is left and pushes it, on top of whatever others pushed meanwhile.

        Raises StateError when the remote gives no answer, refuses for good, or too often.
        """
        self._resume()
        if self._origin.base and self._origin.remote != self._git.remote.name:
            self._fetch()
        base, ours = self._ours()
        if not ours:
            return Kept(self._origin.base, changed=False)
        seen, theirs = self._origin.base, base
        begun = self._patience.clock()
        for number in range(1, self._patience.tries + 1):
            commit, refusal = self._try(seen, theirs, put_together(theirs, ours, base))
            if refusal is None:
                self._move_to(commit)
                dropped = outdone(theirs, ours, base)
                return Kept(commit, changed=True, files=len(ours), tries=number, outdone=dropped)
            if number < self._patience.tries:
                self._patience.wait(number, begun)
                begun = self._patience.clock()
                seen = self._fetch()
                theirs = self._listing(seen)
                if seen is None:
                    base, ours = self._ours()
        raise _given_up(self._patience.tries, refusal)

    def _try(
        self, seen: str | None, theirs: Listing, wanted: Listing
    ) -> tuple[str | None, Refused | None]:
        """One try to bring the branch from `theirs` to `wanted`: the commit, and the refusal.

        Raises StateError when there is no use in trying again. A remote where nobody may replace
        history keeps its history.
        """
        if seen and wanted == theirs:
            return seen, None
        commit = self._drafted(seen, theirs, wanted)
        refusal = self._git.push(commit, seen)
        if refusal and refusal.for_good and seen:
            commit = self._history.commit(seen, theirs, wanted, may_squash=False)
            refusal = self._git.push(commit, seen)
        if refusal and refusal.for_good:
            raise self._git.refused_for_good(refusal)
        return commit, refusal

    def _drafted(self, seen: str | None, theirs: Listing, wanted: Listing) -> str:
        """The commit that makes the branch hold `wanted`: the draft, if it does just that."""
        draft = self._origin.draft
        if draft and seen == self._origin.base and self._listing(draft) == wanted:
            return draft
        return self._history.commit(seen, theirs, wanted)

    def _ours(self) -> tuple[Listing, Changes]:
        """The files as last seen on the branch, and what is different here.

        Raises StateError for state of a newer version, and for state that lost its schema: what
        somebody emptied by hand is not to be emptied everywhere.
        """
        state.check_schema(self._data)
        base, mine = self._listing(self._origin.base), load_listing(self._data)
        if state.FILE in base and state.FILE not in mine:
            raise StateError(
                f"{self._data.name}/{state.FILE}",
                "is missing, and the branch has it",
                "restore data/ from a backup, or move it away and run build-site state pull",
            )
        return base, own_changes(mine, base)

    def _fetch(self) -> str | None:
        """The commit the branch is at, found to be usable. Raises StateError."""
        seen = self._git.fetch()
        name, base, before = self._git.remote.name, self._origin.base, self._origin.remote
        if seen and base not in (None, seen) and before != name:
            raise StateError(
                self._data.name,
                f"came from {before}, and {name} has state of its own",
                "name the remote it came from, or move data/ away and run build-site state pull",
            )
        if seen is None:
            self._save(Origin(remote=name))
        else:
            self._check(seen)
            self._save(replace(self._origin, remote=name))
        return seen

    def _check(self, seen: str) -> None:
        """Raises StateError unless the commit holds state of a version that is known."""
        listing = self._git.listing(seen)
        if state.FILE in listing:
            [text] = self._git.contents([listing[state.FILE]])
            state.check_text(f"{state.FILE} of the branch", text)
        elif state.FILE in self._listing(self._origin.base):
            raise StateError(
                f"{state.FILE} of the branch",
                "is missing, and was there before",
                "put the branch back to where it was, or delete it and run build-site state push",
            )
        elif listing and not any(map(is_kept, listing)):
            raise StateError(
                WHERE,
                "the branch `state` there holds something else than state",
                "rename that branch, or keep the state in another repository with --remote",
            )

    def _listing(self, commit: str | None) -> Listing:
        files_there = self._git.listing(commit) if commit else {}
        return {path: content for path, content in files_there.items() if is_kept(path)}

    def _move_to(self, commit: str | None) -> None:
        """Brings `data/` to a commit the branch is at, so that others' files are there too."""
        if commit and commit != self._origin.base:
            self._save(replace(self._origin, incoming=commit, remote=self._git.remote.name))
            self._resume()
            self._git.tidy()

    def _resume(self) -> None:
        """Ends what `_move_to` began, also in a run that was killed."""
        mine = load_listing(self._data)
        if not mine and self._origin.base:
            self._save(replace(self._origin, base=None, draft=None))
        if not self._origin.incoming:
            return
        base, incoming = self._listing(self._origin.base), self._listing(self._origin.incoming)
        ours = own_changes(mine, base, incoming)
        self._apply(own_changes(put_together(incoming, ours, base), mine))
        self._save(Origin(self._origin.remote, base=self._origin.incoming))

    def _apply(self, changes: Changes) -> None:
        """Makes these changes in `data/`. An account is there from its account file on."""
        wanted = {path: content for path, content in changes.items() if content}
        paths = sorted(wanted, key=lambda path: (path.endswith("/account"), path))
        contents = self._git.contents([wanted[path] for path in paths])
        arrived = zip((self._data / path for path in paths), contents, strict=True)
        if len(paths) > _FEW_FILES:
            files.write_all(arrived, files.SECRET_MODE)
        else:
            for path, content in arrived:
                files.write_atomic(path, content, files.SECRET_MODE)
        removed = (path for path in changes if path not in wanted)
        for name in sorted(removed, key=lambda path: not path.endswith("/account")):
            files.remove_file(self._data / name)
            with suppress(OSError):
                (self._data / name).parent.rmdir()

    def _save(self, origin: Origin) -> None:
        if origin != self._origin:
            save_origin(self._data, origin)
            self._origin = origin


def _given_up(tries: int, refusal: Refused | None) -> StateError:
    reason = f" ({refusal.reason})" if refusal else ""
    return StateError(
        WHERE,
        f"the branch moved on at each of {tries} tries{reason}",
        "others are writing at the same time; run build-site state push again",
    )
