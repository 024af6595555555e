"""The composition root: one run's settings, adapters and use cases, made when they are needed."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from generator.cli.output import Output
from generator.config import (
    Environment,
    Settings,
    Workspace,
    load_environment,
    load_settings,
)
from generator.derive.outcomes import Outcome
from generator.domain.account import Account
from generator.errors import UsageError, VaultError
from generator.store import lock
from generator.store.accounts import Accounts, Loaded
from generator.store.snapshots import Snapshots
from generator.store.vault import SETTING, Vault

if TYPE_CHECKING:
    from generator.cli.network import Network
    from generator.store.pending import Pendings

NOBODY_YET = "no account is connected yet; build-site connect NAME adds one"


def utc_now() -> datetime:
    """The time of day, to the second: what is shown is what is counted with."""
    return datetime.now(UTC).replace(microsecond=0)


class App:
    """One run in one workspace. Everything is made on first use: nothing is needed early."""

    def __init__(
        self, workspace: Workspace, settings: Settings, environment: Environment, output: Output
    ) -> None:
        self.workspace = workspace
        self.settings = settings
        self.environment = environment
        self.output = output

    @classmethod
    def load(cls, workspace: Workspace, output: Output) -> "App":
        """The app of a configured workspace. Raises NoWorkspace and ConfigError."""
        return cls(workspace, load_settings(workspace), load_environment(workspace), output)

    @cached_property
    def vault(self) -> Vault:
        """The key ring. Raises VaultError when there is none."""
        if not self.environment.encryption_key:
            raise VaultError(SETTING, "is not set")
        return Vault.from_setting(self.environment.encryption_key)

    @cached_property
    def accounts(self) -> Accounts:
        """The connected accounts."""
        return Accounts(self.workspace.data, lambda: self.vault, meet=self.output.meet)

    @cached_property
    def snapshots(self) -> Snapshots:
        """Their snapshots."""
        return Snapshots(self.workspace.data, lambda: self.vault)

    @cached_property
    def pendings(self) -> "Pendings":
        """The logins under way. Only those who connect or disconnect load what it takes."""
        from generator.store.pending import Pendings  # noqa: PLC0415

        return Pendings(self.workspace.data, lambda: self.vault)

    @cached_property
    def network(self) -> "Network":
        """The way to Discogs. Commands that never ask Discogs do not load what it takes."""
        from generator.cli.network import Network  # noqa: PLC0415

        return Network(self.settings, self.environment, self.output)

    def lock(self, purpose: str) -> AbstractContextManager[None]:
        """Hold the workspace. Raises Locked at once when another run has it."""
        return lock.hold(self.workspace.data, purpose, utc_now())

    def account(self, name: str) -> Account:
        """The account of that name. Raises UsageError when there is none."""
        return self.named([name])[0]

    def named(self, names: Sequence[str]) -> tuple[Account, ...]:
        """The accounts of these names, in their order. Raises UsageError for the first unknown."""
        known = {account.name: account for account in self.accounts.load().accounts}
        for name in names:
            if name.casefold() not in known:
                raise UsageError(name, "no such account", "build-site accounts lists them")
        return tuple(known[name] for name in dict.fromkeys(name.casefold() for name in names))

    def report_unreadable(self, loaded: Loaded | None = None) -> list[Outcome]:
        """The accounts whose own file does not open, each told of: they count as failed."""
        unreadable = (loaded or self.accounts.load()).unreadable
        for key, error in unreadable:
            self.output.problem(error, key)
        return [Outcome(key, error) for key, error in unreadable]
