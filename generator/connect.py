"""Connect: prove whose collection it is, and keep what it takes to read it."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from generator.derive.naming import fold
from generator.discogs.client import Discogs
from generator.domain.account import (
    Access,
    Account,
    Credentials,
    Identity,
    OAuthToken,
    PersonalToken,
    Privacy,
    with_privacy,
)
from generator.errors import NotFound, Refused, Unauthorized, Unavailable, UsageError
from generator.store.accounts import Accounts

WHERE = "connect"
UNCATEGORIZED = 1
"""The folder that only its owner is shown."""


@dataclass(frozen=True, slots=True)
class Connected:
    """What a connect came to."""

    account: Account
    again: bool
    """True when the account was known before."""
    warning: str | None
    """Why ownership could not be proven, if so."""
    new_link: bool = False
    """True when its unlisted link was drawn just now."""


@dataclass(frozen=True, slots=True)
class Connect:
    """Where accounts are kept, how Discogs is reached, and what time it is."""

    accounts: Accounts
    discogs: Callable[[Credentials, str], Discogs]
    now: Callable[[], datetime]
    ask_privacy: Callable[[], Privacy] = lambda: Privacy.PRIVATE
    """Asked for a new account that comes without a level."""

    def owner(
        self, credentials: OAuthToken | PersonalToken, name: str | None, privacy: Privacy | None
    ) -> Connected:
        """Connect the collection of whoever the credentials belong to."""
        client = self.discogs(credentials, WHERE)
        identity = _proven_identity(client)
        warning = _ownership(client, identity)
        return self._keep(identity, credentials, name, privacy, warning)

    def anonymous(self, discogs_name: str, name: str | None, privacy: Privacy | None) -> Connected:
        """Connect a public collection that anybody may read."""
        client = self.discogs(None, discogs_name)
        identity = client.fetch_profile(discogs_name)
        client.fetch_folder_ids(identity.username)
        return self._keep(identity, None, name, privacy, None)

    def _keep(
        self,
        identity: Identity,
        credentials: Credentials,
        name: str | None,
        privacy: Privacy | None,
        warning: str | None,
    ) -> Connected:
        name = name or site_name(identity.username)
        known = {account.name: account for account in self.accounts.load().accounts}.get(name)
        if known and known.discogs_id != identity.id:
            raise UsageError(
                name,
                f"is connected to {known.discogs_name} at Discogs, not to {identity.username}",
                "choose another name: build-site connect NAME",
            )
        account = self._account(known, name, identity, credentials)
        former = account.slug
        level = privacy or self._privacy(known)
        account = with_privacy(account, level, self.accounts.new_slug)
        self.accounts.save_credentials(account.id, credentials)
        self.accounts.save(account)
        return Connected(account, known is not None, warning, account.slug != former)

    def _privacy(self, known: Account | None) -> Privacy:
        return known.privacy if known else self.ask_privacy()

    def _account(
        self, known: Account | None, name: str, identity: Identity, credentials: Credentials
    ) -> Account:
        if known:
            return replace(
                known,
                discogs_name=identity.username,
                access=_access(credentials),
                connected_at=self.now(),
                fresh=True,
                reconnect=False,
                problem=None,
                failures=0,
            )
        return Account(
            id=self.accounts.new_id(),
            name=name,
            discogs_name=identity.username,
            discogs_id=identity.id,
            access=_access(credentials),
            privacy=Privacy.PRIVATE,
            connected_at=self.now(),
        )


def site_name(discogs_name: str) -> str:
    """The name an account gets when none is given: folded, only safe characters, ends trimmed."""
    safe = re.sub(r"[^a-z0-9._-]", "-", fold(discogs_name))
    return safe.strip("-_.")[:40].strip("-_.") or "collection"


def _proven_identity(client: Discogs) -> Identity:
    try:
        return client.fetch_identity()
    except Unauthorized as exc:
        hint = "check the token, the application's key and secret, and the clock of this machine"
        raise Refused(WHERE, exc.what, hint) from None


def _ownership(client: Discogs, identity: Identity) -> str | None:
    """None once the owner's own folder was seen, else why that could not be settled.

    Discogs answers "who am I" even to a signature its collection side takes for a stranger's, so
    only what a stranger may not see proves the login.
    """
    try:
        folders = client.fetch_folder_ids(identity.username)
    except (NotFound, Unavailable) as exc:
        return f"could not check that the collection can be read: {exc.what}"
    if UNCATEGORIZED in folders:
        return None
    raise Refused(
        WHERE, f"Discogs does not show the folders of {identity.username} to these credentials"
    )


def _access(credentials: Credentials) -> Access:
    if isinstance(credentials, OAuthToken):
        return Access.OAUTH
    return Access.ANONYMOUS if credentials is None else Access.TOKEN
