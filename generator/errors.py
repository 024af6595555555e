"""Every failure the program expects: one tree of errors that carry data, and how they are rendered.

    GeneratorError              exit 1
    ├── UsageError              exit 2    bad arguments, an account that does not exist
    ├── ConfigError             exit 2    values in site.toml or the environment that cannot be used
    │   └── NoWorkspace         exit 10   no site.toml here
    ├── VaultError              exit 12   the key is missing, malformed, or opens nothing here
    │   └── SealError           exit 1    one sealed file does not open, though the key opens others
    ├── Locked                  exit 11   another run holds the workspace
    ├── Cooling                 exit 1    a named account inside its cooldown
    ├── StateError              exit 1    state of a newer version, or a damaged state file
    ├── SnapshotError           exit 1    a file that is not a snapshot
    ├── DumpError               exit 1    master data that cannot be used
    ├── RenderError             exit 1    a page that must not be published
    └── DiscogsError            exit 1    Discogs cannot be reached, or its answer cannot be used
        ├── Unavailable                   network, 5xx, blocked, or a response that is not JSON
        ├── RateLimited                   429, and waiting longer is not allowed
        ├── NotFound                      404: the user does not exist (any more)
        ├── Refused             exit 13   JSON 401 or 403, a denied or expired authorisation
        │   └── Unauthorized    exit 13   JSON 401: the stored credentials are no longer valid
        ├── Unreadable                    a payload that cannot be understood
        ├── Drifting                      the collection changed during every reading
        └── HeldBack                      a reading that lost too much to be trusted at once

No field may hold a secret. `{account}` in a field stands for the account; rendering replaces it by
the account's name, or by its opaque id where others can read along.
"""

from typing import ClassVar, NamedTuple, Self

ACCOUNT = "{account}"
SETTINGS_PAGE = "https://www.discogs.com/settings/developers"
"""Where tokens and applications are made at Discogs."""
SECRETS_PAGE = "Settings → Secrets and variables → Actions"
"""Where secrets are set in a repository. Those of an environment never reach a workflow that is
called from another repository, as a thin instance does.
"""


def reason(error: OSError) -> str:
    """The operating system's reason, lower-cased for the end of a line."""
    return (error.strerror or "input or output failed").lower()


class Message(NamedTuple):
    """A problem rendered for one audience."""

    where: str
    what: str
    hint: str


class Problem(NamedTuple):
    """The data of a failure, before anybody reads it."""

    where: str
    what: str
    hint: str
    form: str = ""
    """The hint in the words of the web form and the settings pages; "" where `hint` fits there."""
    public: str = ""  # `what` without private names; "" where it has none
    exit_code: int = 1

    def render(self, label: str = "", *, public: bool = False, form: bool = False) -> Message:
        """The message for a reader who knows the account as `label`.

        `public`: others can read along. `form`: the reader has a web form, not a terminal.
        """
        what = self.public or self.what if public else self.what
        hint = self.form or self.hint if form else self.hint
        return Message(*(text.replace(ACCOUNT, label) for text in (self.where, what, hint)))


class GeneratorError(Exception):
    """An expected failure: where it happened, what happened, and a hint that can be acted on."""

    exit_code: ClassVar[int] = 1
    default_where: ClassVar[str] = "build-site"
    default_hint: ClassVar[str] = "run the same command with --debug to see where it happened"
    default_form: ClassVar[str] = "the log of this step has the details"

    def __init__(
        self, where: str, what: str, hint: str = "", *, form: str = "", public: str = ""
    ) -> None:
        super().__init__(f"{where}: {what}" if where else what)
        self.where = where
        self.what = what
        self.hint = hint or self.default_hint
        self.form = form or ("" if hint else self.default_form)
        self.public = public
        self.account = ""  # the name of the account it concerns, if it concerns one

    def __reduce__(self) -> tuple[object, ...]:
        """Pickles without calling `__init__` again, for errors of worker processes."""
        return BaseException.__new__, (type(self), *self.args), self.__dict__

    def of(self, account: str) -> Self:
        """The same error, concerning this account."""
        self.account = account
        return self

    @property
    def problem(self) -> Problem:
        """The data to render or to store."""
        if not self.account:
            where = self.where or self.default_where
        elif ACCOUNT in self.where or not self.where:
            where = self.where or ACCOUNT
        else:
            where = f"{ACCOUNT}: {self.where}"
        return Problem(where, self.what, self.hint, self.form, self.public, self.exit_code)


class UsageError(GeneratorError):
    exit_code = 2
    default_hint = "build-site COMMAND --help lists the options"
    default_form = "correct the form and run the workflow again"


class ConfigError(GeneratorError):
    exit_code = 2
    default_hint = "build-site init --print prints a commented site.toml to compare with"
    default_form = "correct it in the repository, or under " + SECRETS_PAGE

    def __init__(
        self,
        problems: list[tuple[str, str]] | tuple[str, str],
        hint: str = "",
        *,
        form: str = "",
    ) -> None:
        self.problems = problems if isinstance(problems, list) else [problems]
        super().__init__(*self.problems[0], hint, form=form)


class NoWorkspace(ConfigError):
    exit_code = 10
    default_hint = "run build-site init here, or name the workspace with -C DIR"
    default_form = "add a file site.toml to the repository"


class VaultError(GeneratorError):
    exit_code = 12
    default_hint = (
        "put the key that build-site keys new prints into OAUTH_ENCRYPTION_KEY in .env; "
        "if the old key is lost, build-site reset starts over"
    )
    default_form = f"set the secret OAUTH_ENCRYPTION_KEY: {SECRETS_PAGE}"


class SealError(VaultError):
    exit_code = 1
    default_hint = "restore the file from a backup, or connect the account again"
    default_form = "connect the account again: Actions → Connect, action connect"


class Locked(GeneratorError):
    exit_code = 11
    default_hint = "wait for the other run to end, then try again"
    default_form = default_hint


class Cooling(GeneratorError):
    default_hint = "wait, or add --force"
    default_form = "wait, or tick force"


class StateError(GeneratorError):
    default_hint = "update Gatefold, or restore data/ from a backup"
    default_form = "update Gatefold, or restore the branch state"


class SnapshotError(GeneratorError):
    default_hint = "build-site export NAME writes a snapshot"
    default_form = "import a file that build-site export wrote"


class DumpError(GeneratorError):
    default_hint = "the table that was there stays; run build-site enrich again later"
    default_form = "the table that was there stays; the next monthly run tries again"


class RenderError(GeneratorError):
    default_hint = "the previous site stays; check the overridden templates first"
    default_form = default_hint


class DiscogsError(GeneratorError):
    default_where = "Discogs"
    default_hint = "the last good snapshot stays; try again later"
    default_form = "the last good snapshot stays; the next run tries again"


class Unavailable(DiscogsError):
    default_hint = "Discogs or the network has a problem; the next run tries again"


class RateLimited(DiscogsError):
    default_hint = "try again in half an hour"


class NotFound(DiscogsError):
    default_hint = "check the Discogs name"
    default_form = "check the Discogs name"


class Refused(DiscogsError):
    exit_code = 13
    default_hint = "connect as the owner of the collection: build-site connect NAME"
    default_form = "connect as the owner of the collection: Actions → Connect, action connect"


class Unauthorized(Refused):
    default_hint = "check the credentials, and the clock of this machine"
    default_form = f"check the secrets: {SECRETS_PAGE}"


class Unreadable(DiscogsError):
    default_hint = "the last good snapshot stays; report this if it happens again"


class Drifting(DiscogsError):
    default_hint = "the last good snapshot stays; sync again when nobody edits the collection"


class HeldBack(DiscogsError):
    default_hint = "if this is right, sync again or add --force"
    default_form = "if this is right, run Publish again with force ticked"

    def __init__(self, what: str, copies: int) -> None:
        super().__init__("", what)
        self.copies = copies
