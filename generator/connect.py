"""Connect: prove the owner of a collection and store the means to read it."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from msgspec.structs import replace

from generator.derive.naming import discogs_username, site_name
from generator.discogs import oauth
from generator.discogs.callback import Callback
from generator.discogs.client import Discogs, DiscogsAccess
from generator.discogs.csv_export import parse_export
from generator.discogs.oauth import OUT_OF_BAND, Code
from generator.domain.account import (
    Account,
    Credentials,
    Identity,
    OAuthToken,
    PendingLogin,
    PersonalToken,
    Privacy,
    Source,
    Status,
    with_privacy,
)
from generator.errors import NotFound, Refused, Unauthorized, Unavailable, UsageError
from generator.store.state import State

UNCATEGORIZED = 1  # the folder that only its owner can see
NO_COVERS = "Discogs sends no covers without credentials, so the pages show drawn sleeves"
_START_AGAIN = (
    "start again with build-site connect --start NAME, and use the code within 15 minutes"
)
_FORM_AGAIN = "run Connect with the action connect again, and use the code within 15 minutes"

Visit = Callable[[str], None]  # shows the owner the address to open


class Connected(NamedTuple):
    """The result of a connect."""

    account: Account
    is_new: bool
    new_link: bool = False  # whether its unlisted link was drawn just now
    warning: str = ""


class Connect(NamedTuple):
    """The state, the access to Discogs, the clock, and the name and level that were asked for."""

    state: State
    discogs: DiscogsAccess
    now: Callable[[], datetime]
    name: str | None = None  # the account's name on the site; by default made from the Discogs name
    privacy: Privacy | None = None  # by default the level it has; a new account is private

    def by_redirect(self, deadline: float, visit: Visit) -> Connected:
        """OAuth with a redirect to this machine. The browser sees the result."""
        consumer, transport = self.discogs.consumer(), self.discogs.transport()
        with Callback() as callback:
            request = oauth.fetch_request_token(transport, consumer, callback.url)
            callback.expect(request.key)
            visit(oauth.authorize_url(self.discogs.endpoints.web, request))
            verifier = callback.wait(deadline)
            connected = self.with_credentials(
                oauth.fetch_access_token(transport, consumer, request, verifier)
            )
            callback.confirm()
            return connected

    def by_code(self, visit: Visit, read_code: Callable[[], str]) -> Connected:
        """OAuth with a code that the owner types."""
        request = self._request_token()
        visit(oauth.authorize_url(self.discogs.endpoints.web, request))
        code = oauth.parse_code(read_code())
        return self.with_credentials(self._exchange(request, code))

    def begin_login(self, name: str, visit: Visit, on_secret: Callable[[str], None]) -> None:
        """The first of two runs: show the address and store the login for the second, sealed."""
        self.state.live_logins(self.now())
        request = self._request_token()
        on_secret(request.secret)
        self.state.save_login(
            PendingLogin(name, request.key, request.secret, self.now(), self.privacy)
        )
        visit(oauth.authorize_url(self.discogs.endpoints.web, request))

    def end_login(self, code: Code, on_secret: Callable[[str], None]) -> Connected:
        """The second of two runs. A code that Discogs refuses leaves the login open.

        Raises Refused, and UsageError when it is unclear which login is meant.
        """
        login = self._meant(self.state.live_logins(self.now()), code)
        on_secret(login.secret)
        if not code.verifier:
            self.state.remove_login(login.name)
        try:
            token = self._exchange(oauth.RequestToken(login.key, login.secret), code)
        except Refused as error:
            if code.verifier:
                error.hint = f"check the code, or {_START_AGAIN}"
                error.form = f"check the code, or {_FORM_AGAIN}"
            raise
        self.state.remove_login(login.name)
        again = self._replace(name=login.name, privacy=self.privacy or login.privacy)
        return again.with_credentials(token)

    def with_credentials(self, credentials: OAuthToken | PersonalToken) -> Connected:
        """Connect the collection that the credentials belong to."""
        client = self.discogs.client(credentials)
        try:
            identity = client.fetch_identity()
        except Unauthorized as error:
            hint = "check the token, the application's key and secret, and this machine's clock"
            raise Refused("connect", error.what, hint, form=hint) from None
        warning = _ownership(client, identity)
        return self._keep(identity, credentials, warning)

    def anonymous(self, username: str) -> Connected:
        """Connect a public collection without credentials; the address of it is accepted too."""
        client = self.discogs.client(None)
        identity = client.fetch_profile(discogs_username(username))
        client.fetch_folders(identity.username)
        return self._keep(identity, None, NO_COVERS)

    def csv(self, text: bytes, where: str) -> Connected:
        """Import Discogs' own CSV export, which is the account's snapshot from now on."""
        collection = parse_export(text, where)
        if self.name is None:
            raise UsageError("connect --csv", "needs the NAME of the account")
        known = self.state.load_accounts().find(self.name)
        if known and known.source is not Source.CSV:
            raise _taken(known, "this export")
        now = self.now()
        account = self._account(known, self.name, None, Source.CSV)
        status = Status(
            connection=account.connection,
            synced_at=now,
            last_sync=now,
            records=len(collection.copies),
        )
        connected = self._store(account, known, None, "")
        self.state.save_collection(account.id, collection)
        account = replace(connected.account, status=status)
        self.state.save_status(account)
        return connected._replace(account=account)

    def _keep(self, identity: Identity, credentials: Credentials, warning: str) -> Connected:
        name = self.name or site_name(identity.username)
        known = self.state.load_accounts().find(name)
        if known and known.discogs_id not in (None, identity.id):
            raise _taken(known, identity.username)
        account = self._account(known, name, identity, _source(credentials))
        return self._store(account, known, credentials, warning)

    def _account(
        self, known: Account | None, name: str, identity: Identity | None, source: Source
    ) -> Account:
        """The account with a new connection; a reconnect keeps its id, link and status."""
        return Account(
            id=known.id if known else self.state.draw_id(),
            name=name,
            discogs_name=identity.username if identity else None,
            discogs_id=identity.id if identity else None,
            source=source,
            privacy=known.privacy if known else Privacy.PRIVATE,
            connected_at=self.now(),
            connection=self.state.draw(4),
            slug=known.slug if known else None,
            status=known.status if known else Status(),
        )

    def _store(
        self, account: Account, known: Account | None, credentials: Credentials, warning: str
    ) -> Connected:
        account = with_privacy(account, self.privacy or account.privacy, self.state.draw_slug)
        # First the account: a killed run must leave no token that no command lists or deletes.
        self.state.save_account(account)
        self.state.save_credentials(account.id, credentials)
        new_link = account.slug != (known.slug if known else None)
        return Connected(account, known is None, new_link, warning)

    def _request_token(self) -> oauth.RequestToken:
        transport, consumer = self.discogs.transport(), self.discogs.consumer()
        return oauth.fetch_request_token(transport, consumer, OUT_OF_BAND)

    def _exchange(self, request: oauth.RequestToken, code: Code) -> OAuthToken:
        if code.token not in (None, request.key):
            what = "this code is for another login"
            raise Refused("connect", what, _START_AGAIN, form=_FORM_AGAIN)
        if not code.verifier:
            hint = "run connect again and allow access"
            form = "run Connect with the action connect again, and allow access"
            raise Refused("connect", "access was denied at Discogs", hint, form=form)
        transport, consumer = self.discogs.transport(), self.discogs.consumer()
        return oauth.fetch_access_token(transport, consumer, request, code.verifier)

    def _meant(self, live: tuple[PendingLogin, ...], code: Code) -> PendingLogin:
        """The login that a code belongs to."""
        named = [login for login in live if self.name in (None, login.name)]
        fitting = [login for login in named if code.token in (None, login.key)]
        if not fitting:
            what = "no such login is in progress, or it is older than 15 minutes"
            raise Refused("connect", what, _START_AGAIN, form=_FORM_AGAIN)
        if len({login.name for login in fitting}) > 1:
            what = "more than one login is in progress"
            hint = "add the NAME of the account"
            raise UsageError("connect --verifier", what, hint, form="fill in the account")
        return fitting[0]


def _ownership(client: Discogs, identity: Identity) -> str:
    """The warning if the ownership cannot be checked, "" once the owner's own folder was seen.

    Discogs answers "who am I" even to a signature that its collection side takes for anonymous,
    so only a resource that is hidden from others proves the login. Raises Refused.
    """
    try:
        folders = client.fetch_folders(identity.username)
    except (NotFound, Unavailable) as error:
        return f"could not check that the collection can be read: {error.what}"
    if UNCATEGORIZED in folders:
        return ""
    raise Refused(
        "connect",
        f"Discogs does not show the folders of {identity.username} to these credentials",
        public="Discogs does not show its folders to these credentials",
    )


def _taken(known: Account, other: str) -> UsageError:
    """The name belongs to another collection."""
    return UsageError(
        "",
        f"is connected to {known.discogs_name or 'an import'} at Discogs, not to {other}",
        "choose another name: build-site connect NAME",
        form="sign in at Discogs as the owner of this account, or choose another name",
        public="belongs to another user of Discogs",
    ).of(known.name)


def _source(credentials: Credentials) -> Source:
    if isinstance(credentials, OAuthToken):
        return Source.OAUTH
    return Source.ANONYMOUS if credentials is None else Source.TOKEN
