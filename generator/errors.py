"""Every error the program expects, as one tree.

    GeneratorError              exit 1
    ├── UsageError              exit 2    bad arguments, an account that does not exist
    ├── ConfigError             exit 2    site.toml or the environment says something impossible
    │   └── NoWorkspace         exit 10   no site.toml here
    ├── VaultError              exit 12   the key is missing, malformed, or opens nothing here
    │   └── SealError           exit 1    a sealed file that a key which opens others does not open
    ├── Locked                  exit 11   another run holds the workspace
    ├── Cooling                 exit 1    a named account inside its cooldown
    ├── StateError              exit 1    state written by a newer version, or a damaged state file
    ├── SnapshotError           exit 1    a snapshot file that is not one
    ├── RenderError             exit 1    a page that must not be published
    └── DiscogsError            exit 1    everything Discogs answers, or fails to answer
        ├── Unavailable                   network, 5xx, blocked, or an answer that is no JSON
        ├── RateLimited                   429, and waiting longer is not allowed
        ├── NotFound                      404: the user or the thing is gone
        ├── Refused             exit 13   JSON 401 or 403, a denied or expired authorisation
        │   └── Unauthorized    exit 13   JSON 401: the stored credentials are no longer good
        ├── Unreadable                    a payload whose meaning cannot be settled
        ├── Drifting                      the collection changed through every reading
        └── HeldBack                      a reading that lost too much to be believed at once

`where` and `what` make the one line a person sees, `hint` the line below it. None of them may
carry a secret: they are printed as they are. Exit codes are those of the command line's contract.
"""

from typing import ClassVar


def reason(error: OSError) -> str:
    """Why the system could not do it, in words for the end of a line."""
    return (error.strerror or "input or output failed").lower()


class GeneratorError(Exception):
    """An expected failure: where it happened, what is wrong, and what to do about it."""

    exit_code: ClassVar[int] = 1
    default_hint: ClassVar[str] = "run the same command with --debug to see where it happened"

    def __init__(self, where: str, what: str, hint: str | None = None) -> None:
        super().__init__(f"{where}: {what}")
        self.where = where
        self.what = what
        self.hint = hint or self.default_hint

    def __reduce__(self) -> tuple[object, ...]:
        """For its way out of another process: made again without asking for its arguments."""
        return BaseException.__new__, (type(self), *self.args), self.__dict__


class UsageError(GeneratorError):
    """The arguments cannot be carried out."""

    exit_code = 2
    default_hint = "build-site COMMAND --help lists what is possible"


class ConfigError(GeneratorError):
    """Configuration that cannot be used; `problems` are all (where, what) pairs found."""

    exit_code = 2
    default_hint = "build-site init writes a commented example"

    def __init__(
        self, problems: list[tuple[str, str]] | tuple[str, str], hint: str | None = None
    ) -> None:
        self.problems = problems if isinstance(problems, list) else [problems]
        super().__init__(*self.problems[0], hint)


class NoWorkspace(ConfigError):
    """The directory has no site.toml."""

    exit_code = 10
    default_hint = "run build-site init here, or name the workspace with -C DIR"


class VaultError(GeneratorError):
    """The encryption key is missing, malformed, or opens no sealed file here."""

    exit_code = 12
    default_hint = "put the key made by build-site keys new into OAUTH_ENCRYPTION_KEY"


class SealError(VaultError):
    """One sealed file is corrupt, foreign, or found in the wrong place."""

    exit_code = 1
    default_hint = "restore the file from a backup, or connect the account again"


class Locked(GeneratorError):
    """Another run is writing to this workspace."""

    exit_code = 11
    default_hint = "wait for the other run to end, then try again"


class Cooling(GeneratorError):
    """An account that may not be synced again yet."""

    default_hint = "wait, or use --force"


class StateError(GeneratorError):
    """The state directory cannot be used by this version."""

    default_hint = "update Gatefold, or restore data/ from a backup"


class SnapshotError(GeneratorError):
    """A file given as a snapshot that does not hold one."""

    default_hint = "make one with build-site export NAME"


class RenderError(GeneratorError):
    """A site that must not be published; the previous one was kept."""

    default_hint = "the previous site was kept; look at overridden templates first"


class DiscogsError(GeneratorError):
    """Discogs could not be asked, or its answer could not be used."""

    default_hint = "the last good snapshot was kept; try again later"


class Unavailable(DiscogsError):
    """No usable answer: the network, a 5xx, a block page, or a body that is no JSON."""

    default_hint = "Discogs or the network is having trouble; the next run tries again"


class RateLimited(DiscogsError):
    """Discogs asked for a longer pause than this run may spend waiting."""

    default_hint = "try again in half an hour"


class NotFound(DiscogsError):
    """The user, or the thing asked for, does not exist (any more)."""

    default_hint = "check the Discogs name; a renamed user has to connect again"


class Refused(DiscogsError):
    """Discogs understood who is asking and said no."""

    exit_code = 13
    default_hint = "connect the account as its owner: build-site connect NAME"


class Unauthorized(Refused):
    """The credentials themselves are no longer accepted."""

    default_hint = "reconnect: build-site connect NAME"


class Unreadable(DiscogsError):
    """A payload that cannot be understood, and is not guessed at."""

    default_hint = "the last good snapshot was kept; report this if it stays"


class Drifting(DiscogsError):
    """The collection changed during every one of the allowed readings."""

    default_hint = "the last good snapshot was kept; sync again when the collection rests"


class HeldBack(DiscogsError):
    """A complete reading that lost so much that a second one has to agree first."""

    default_hint = "if this is right, sync again or use --force"

    def __init__(self, where: str, what: str, copies: int) -> None:
        super().__init__(where, what)
        self.copies = copies
