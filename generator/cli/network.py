"""The way to Discogs: one allowance for a run, a transport and a client for each account."""

from generator import __version__
from generator.cli.output import Output
from generator.config import Environment, Settings
from generator.discogs import oauth
from generator.discogs.client import Discogs
from generator.discogs.pacing import Pacing
from generator.discogs.sending import Endpoints, Patience
from generator.discogs.transport import Transport
from generator.domain.account import Credentials, OAuthToken
from generator.errors import ConfigError


class Network:
    """Everything of a run that talks to Discogs; all its requests share one allowance."""

    def __init__(self, settings: Settings, environment: Environment, output: Output) -> None:
        self._settings = settings
        self._environment = environment
        self._pacing = Pacing()
        self._pacing.notice = output.waiting
        self._mask = output.github.mask

    def consumer(self) -> oauth.Consumer:
        """The Discogs application. Raises ConfigError naming what is missing."""
        env = self._environment
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
        """A way to Discogs with these credentials, which no log shows from here on."""
        for secret in _secrets(credentials):
            self._mask(secret)
        consumer = self.consumer() if isinstance(credentials, OAuthToken) else None
        contact = self._settings.site.contact
        return Transport(
            Endpoints(self._environment.api_url, self._environment.web_url),
            f"Gatefold/{__version__} +{contact}" if contact else f"Gatefold/{__version__}",
            oauth.signer(credentials, consumer),
            pacing=self._pacing,
            patience=Patience(
                max_wait=self._settings.sync.max_wait.total_seconds(),
                at_once=self._settings.sync.concurrency,
            ),
        )

    def discogs(self, credentials: Credentials, where: str) -> Discogs:
        """A client with these credentials, whose errors name `where`."""
        return Discogs(self.transport(credentials), where)


def _secrets(credentials: Credentials) -> tuple[str, ...]:
    if isinstance(credentials, OAuthToken):
        return credentials.key, credentials.secret
    return (credentials.token,) if credentials else ()
