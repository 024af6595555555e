"""The composition root: one run's settings, adapters and use cases, made when they are needed."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import cached_property

from generator import __version__
from generator.cli.output import Output
from generator.config import (
    Environment,
    Settings,
    Workspace,
    load_environment,
    load_settings,
)
from generator.discogs import oauth
from generator.discogs.client import Discogs
from generator.discogs.pacing import Pacing
from generator.discogs.transport import Endpoints, Patience, Transport
from generator.domain.account import Account, Credentials, OAuthToken
from generator.errors import ConfigError, UsageError, VaultError
from generator.store import lock
from generator.store.accounts import Accounts
from generator.store.snapshots import Snapshots
from generator.store.vault import SETTING, Vault


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
        return Accounts(self.workspace.data, lambda: self.vault)

    @cached_property
    def snapshots(self) -> Snapshots:
        """Their snapshots."""
        return Snapshots(self.workspace.data, lambda: self.vault)

    @cached_property
    def pacing(self) -> Pacing:
        """The one allowance that all requests of this run share."""
        return Pacing()

    def lock(self, purpose: str) -> AbstractContextManager[None]:
        """Hold the workspace. Raises Locked at once when another run has it."""
        return lock.hold(self.workspace.data, purpose, utc_now())

    def consumer(self) -> oauth.Consumer:
        """The Discogs application. Raises ConfigError naming what is missing."""
        env = self.environment
        named = {
            "DISCOGS_OAUTH_CONSUMER_KEY": env.consumer_key,
            "DISCOGS_OAUTH_CONSUMER_SECRET": env.consumer_secret,
        }
        missing = [(name, "is not set") for name, value in named.items() if not value]
        if missing:
            raise ConfigError(
                missing, "register an application at https://www.discogs.com/settings/developers"
            )
        return oauth.Consumer(env.consumer_key, env.consumer_secret)

    def transport(self, credentials: Credentials) -> Transport:
        """A way to Discogs with these credentials."""
        consumer = self.consumer() if isinstance(credentials, OAuthToken) else None
        contact = self.settings.site.contact
        return Transport(
            Endpoints(self.environment.api_url, self.environment.web_url),
            f"Gatefold/{__version__} +{contact}" if contact else f"Gatefold/{__version__}",
            oauth.signer(credentials, consumer),
            pacing=self.pacing,
            patience=Patience(max_wait=self.settings.sync.max_wait.total_seconds()),
        )

    def discogs(self, credentials: Credentials, where: str) -> Discogs:
        """A client with these credentials, whose errors name `where`."""
        return Discogs(self.transport(credentials), where)

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
