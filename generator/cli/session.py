"""The session of one command: workspace, settings and adapters, each made on first use."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from generator import __version__
from generator.cli.output import Output
from generator.config import (
    Environment,
    Settings,
    Workspace,
    load_environment,
    load_overrides,
    load_settings,
    on_github,
)
from generator.derive.formatting import day as in_words
from generator.derive.formatting import plural
from generator.errors import (
    ConfigError,
    DumpError,
    GeneratorError,
    Locked,
    RenderError,
    UsageError,
)
from generator.store.state import State
from generator.store.vault import Vault

if TYPE_CHECKING:
    from generator.build import Build, Built, PlannedTree
    from generator.connect import Connect
    from generator.derive.rows import Masters
    from generator.discogs.client import DiscogsAccess
    from generator.domain.account import Privacy
    from generator.domain.collection import Snapshot
    from generator.enrich import Enriched
    from generator.listed import Listed, Read
    from generator.store.masters import MasterTable
    from generator.store.state import LoadedAccounts
    from generator.sync import Outcome, SyncSelection

NO_ACCOUNTS = "no account is connected yet; build-site connect NAME connects one"


def utc_now() -> datetime:
    """The current time, to the second: times are counted as precisely as they are shown."""
    return datetime.now(UTC).replace(microsecond=0)


class Session:
    """One command in one workspace."""

    def __init__(self, workspace: Workspace, output: Output) -> None:
        self.workspace = workspace
        self.output = output
        self.before_build: Callable[[], None] = lambda: None
        self.reads_missing = False  # whether a build reads collections that it has no pages of
        self.readings: dict[str, Read] = {}  # collections of site.toml that were read just now

    @cached_property
    def settings(self) -> Settings:
        """site.toml. Raises NoWorkspace and ConfigError."""
        return on_github(load_settings(self.workspace, self.output.warning))

    @cached_property
    def environment(self) -> Environment:
        """The environment and .env. Raises ConfigError."""
        return load_environment(self.workspace, warn=self.output.warning)

    @cached_property
    def vault(self) -> Vault:
        """The key ring. Raises VaultError when there is none."""
        return Vault.from_setting(self.environment.encryption_key)

    @cached_property
    def state(self) -> State:
        """The state directory of a configured workspace."""
        _ = self.settings
        output = self.output
        return State(
            self.workspace.data, lambda: self.vault, output.register, on_secret=output.mask
        )

    @property
    def user_agent(self) -> str:
        """The name under which Discogs is asked, with the owner's contact if there is one."""
        known = self.workspace.settings_file.is_file()
        contact = self.settings.site.contact if known else ""
        return f"Gatefold/{__version__} +{contact}" if contact else f"Gatefold/{__version__}"

    @cached_property
    def master_table(self) -> "MasterTable | None":
        """Discogs' master data, if there are any that can be read."""
        from generator.store.masters import open_table

        try:
            return open_table(self.workspace.masters)
        except DumpError as error:
            self.output.warning(error.where, error.what, error.hint)
            return None

    def masters_of(self, snapshot: "Snapshot") -> "Masters":
        """The master data of a collection, as far as there are any."""
        return self.master_table.of(snapshot.collection) if self.master_table else {}

    def enrich(self, source: str | None) -> "Enriched":
        """Make the table of master data, with its progress; without a source, from Discogs."""
        from generator.discogs.dumps import DumpServer
        from generator.enrich import Enrich

        agent = self.user_agent
        with self.output.download() as (begin, report):
            run = Enrich(
                self.workspace.masters,
                lambda address: DumpServer(address, agent),
                utc_now(),
                begin,
                report,
            )
            made = run.given(source) if source else run.newest(self.environment.data_url)
        table = made.table
        what = plural(table.masters, "album") + (f", {in_words(table.day)}" if table.day else "")
        verb = "wrote" if made.changed else "nothing to do, up to date:"
        self.output.info(f"{verb} {table.path}: {what}")
        return made

    @cached_property
    def discogs(self) -> "DiscogsAccess":
        """The access to Discogs."""
        from generator.discogs.client import DiscogsAccess
        from generator.discogs.http import Endpoints
        from generator.discogs.oauth import checked_consumer
        from generator.discogs.transport import RetryPolicy

        settings, env = self.settings, self.environment
        return DiscogsAccess(
            Endpoints(env.api_url, env.web_url),
            self.user_agent,
            lambda: checked_consumer(env.consumer_key, env.consumer_secret),
            RetryPolicy(settings.sync.max_wait.total_seconds(), settings.sync.concurrency),
            self.output.pause,
        )

    @contextmanager
    def lock(self, purpose: str) -> Iterator[None]:
        """Hold the workspace. Raises Locked at once when another run holds it.

        A wrong key is reported first.
        """
        try:
            with self.state.lock(purpose, utc_now()):
                yield
        except Locked:
            self.state.load_accounts()
            raise

    @cached_property
    def listed(self) -> "Mapping[str, Listed]":
        """The collections that site.toml lists, by name.

        Raises ConfigError for one that has the name of a connected account.
        """
        from generator.listed import Listed

        tables = self.settings.collections
        if not tables:
            return {}
        taken = {account.name for account in self.state.load_accounts().accounts}
        problems = [
            (f"site.toml: collections: {table.name}", "is the name of a connected account too")
            for table in tables
            if table.name in taken
        ]
        if problems:
            raise ConfigError(problems, "give one of them another name")
        for table in tables:
            self.output.show_name(table.name)
        return {
            table.name: Listed(
                table.name,
                table.discogs,
                table.link if table.privacy == "unlisted" else None,
                table.intro,
                table.folders,
            )
            for table in tables
        }

    def check_names(self, *names: str, connected: bool = False) -> None:
        """Raises UsageError for the first name that does not exist.

        With `connected` also for a collection that only site.toml lists.
        """
        loaded = self.state.load_accounts()
        for name in names:
            if name not in self.listed:
                loaded.named(name)
            elif connected:
                what = f"lists {name} under [[collections]]"
                hint = "change or remove its entry there, then run build-site"
                form = "change or remove its entry in site.toml, in the repository"
                raise UsageError("site.toml", what, hint, form=form)

    def connect(self, name: str | None, privacy: "Privacy | None") -> "Connect":
        """The use case of connecting."""
        from generator.connect import Connect

        if name and name in self.listed:
            self.check_names(name, connected=True)
        return Connect(self.state, self.discogs, utc_now, name, privacy)

    def read_listed(self, collections: "Sequence[Listed]") -> "list[Outcome]":
        """Read collections and print each outcome; the next build renders them."""
        from generator.listed import ReadListed

        token, origin = self.environment.token, self.environment.image_origin
        if token:
            self.output.mask(token)
        run = ReadListed(self.discogs, token, origin, utc_now, self.output.progress, self.report)
        made, outcomes = run.run(collections)
        self.readings |= made
        return outcomes

    def listed_to_read(self) -> "list[Listed]":
        """The collections that are due, or whose pages the settings or the program changed."""
        from generator.listed import cooldown_of
        from generator.render.shown import seen_in

        site, cooldown, now = self.workspace.site, self.settings.sync.cooldown, utc_now()
        if not self.listed:
            return []
        loaded = self.state.load_accounts().accounts
        public = sum(one.privacy == "public" and one.status.synced_at is not None for one in loaded)
        public += sum(not one.slug for one in self.listed.values())
        plans = [self._planned(one) for one in self.listed.values()]
        current = self.builder().current(plans, several=public > 1)
        return [
            one
            for one in self.listed.values()
            if one.name not in current or not cooldown_of(seen_in(site, one.tree), cooldown, now)
        ]

    def _planned(self, one: "Listed") -> "PlannedTree":
        """A collection's part of the site: rendered if it was read just now, else as it is."""
        from generator.build import PlannedTree
        from generator.derive.pages import AccountContent
        from generator.render.stamps import digest_of

        made, cooldown = self.readings.get(one.name), self.settings.sync.cooldown

        def load() -> AccountContent | None:
            if made is None:
                return None
            end = made.snapshot.synced_at + cooldown if cooldown else None
            return AccountContent(
                made.snapshot, intro=one.intro, read=made.copies, next_sync=end, slug=one.slug
            )

        owner = made.snapshot.discogs_name if made else None
        digest = digest_of("listed", *one, cooldown)
        fresh = made is not None
        return PlannedTree(one.name, one.slug, owner, digest, load, is_new=fresh, stays=not fresh)

    def refresh(self, names: "Sequence[str]" = (), *, force: bool = False) -> "list[Outcome]":
        """Sync the named accounts and read the named collections, or those that are due."""
        from generator.sync import SyncSelection

        connected = tuple(name for name in names if name not in self.listed)
        outcomes = []
        if connected or not names:
            outcomes = self.sync(SyncSelection(connected or None, force))
        outcomes += self._sync_listed(names, force=force)
        if not outcomes:
            some = self.listed or self.state.load_accounts().accounts
            self.output.info("no account is due" if some else NO_ACCOUNTS)
        return outcomes

    def _sync_listed(self, names: "Sequence[str]", *, force: bool) -> "list[Outcome]":
        """Read the collections among the names, or those that are due without names."""
        from generator.listed import cooldown_of
        from generator.render.shown import seen_in
        from generator.sync import cooling

        if not names:
            return self.read_listed(list(self.listed.values()) if force else self.listed_to_read())
        outcomes, wanted = [], []
        for one in (self.listed[name] for name in dict.fromkeys(names) if name in self.listed):
            now, cooldown = utc_now(), self.settings.sync.cooldown
            end = cooldown_of(seen_in(self.workspace.site, one.tree), cooldown, now)
            if end and not force:
                outcomes.append(cooling(one.name, end, now))
                self.report(outcomes[-1])
            else:
                wanted.append(one)
        return outcomes + self.read_listed(wanted)

    def lacks_reading(self, outcomes: "Iterable[Outcome]") -> bool:
        """Whether a collection could not be read; then it says that the site stays as it is."""
        failed = [one for one in outcomes if one.error and one.name in self.listed]
        if failed:
            self.output.info("the site stays as it is until every collection can be read")
        return bool(failed)

    def sync(self, selection: "SyncSelection") -> "list[Outcome]":
        """Sync and print each outcome; the workspace is held."""
        from generator.sync import Sync

        cooldown = self.settings.sync.cooldown
        named = frozenset(
            name
            for name, table in self.settings.accounts.items()
            if any(isinstance(folder, str) for folder in table.folders)
        )
        run = Sync(
            self.state,
            self.discogs,
            utc_now,
            cooldown,
            lambda account: self.output.progress(account.name),
            self.report,
            self.environment.image_origin,
            named,
        )
        return run.run(selection)

    def report(self, outcome: "Outcome") -> None:
        """Print the outcome of an account."""
        name = self.output.display_name(outcome.name)
        if outcome.problem:
            self.output.failed_account(outcome.problem, outcome.name)
            self.output.traceback(outcome.error)
        else:
            hidden = self.output.is_hidden(outcome.name)
            count = "" if hidden else plural(outcome.copies, "copy", "copies") + " "
            self.output.info(f"{name}: {count}synced")
        if outcome.warning:
            self.output.warning(name, outcome.warning)

    def builder(
        self, output: Path | None = None, *, precompress: bool = False, full: bool = False
    ) -> "Build":
        """A build with the workspace's settings and overrides."""
        from zoneinfo import ZoneInfo

        from generator.build import Build, Shown
        from generator.derive.pages import SiteView
        from generator.render.assets import bundled

        site = self.settings.site
        view = SiteView(
            title=site.title,
            language=site.language,
            theme=site.theme,
            repository=site.repository,
            base_url=site.base_url,
            data_files=self.settings.publish.data_files,
            record_links=self.settings.record.links,
            image_origin=self.environment.image_origin,
            zone=ZoneInfo(site.timezone),
            host=self.settings.publish.host,
        )
        own = self.workspace.overrides
        return Build(
            output or self.workspace.site,
            view,
            (*own("templates"), bundled("templates")),
            (*own("assets"), bundled("assets")),
            precompress,
            full,
            self.master_table,
            load_overrides(self.workspace),
            {
                name: Shown(table.intro, table.folders)
                for name, table in self.settings.accounts.items()
            },
        )

    def build(
        self, builder: "Build | None" = None, before: "Sequence[Outcome]" = ()
    ) -> "list[Outcome]":
        """Build and print the result; the workspace is held.

        The outcomes are `before`, and those of other accounts that failed here.
        """
        from generator.sync import Outcome

        self.before_build()
        missing = [one for one in self.listed.values() if one.name not in self.readings]
        if self.reads_missing and missing and self.lacks_reading(self.read_listed(missing)):
            hint = "the lines above name the causes; run this again"
            raise GeneratorError("build", "a collection of site.toml cannot be read", hint)
        builder = builder or self.builder()
        loaded = self.state.load_accounts()
        others = [self._planned(one) for one in self.listed.values()]
        built = builder.from_state(self.state, loaded, self.settings.sync.cooldown, others)
        # One that cannot be read has its id for a name, also where its last pages stay.
        known_as = {key: self.state.published_as(key) for key, _ in loaded.unreadable}
        names = {
            one.name: key for key, one in known_as.items() if one and one.name in built.skipped
        }
        kept = {key for name, key in names.items() if name not in built.lost}
        failed = [one._replace(lost=one.name not in kept) for one in self.unreadable(loaded)]
        failed += [
            Outcome(name, problem=problem, lost=name in built.lost)
            for name, problem in built.skipped.items()
            if name not in names
        ]
        known = {outcome.name for outcome in before}
        lost = {outcome.name for outcome in failed if outcome.lost}
        failed = [outcome for outcome in failed if outcome.name not in known]
        for outcome in failed:
            self.report(outcome)
        self.report_build(built, builder.output)
        return [*(one._replace(lost=one.lost or one.name in lost) for one in before), *failed]

    def rebuild(self, shown: str | None) -> int:
        """Remove the pages that a choice forbids, then build; the exit code.

        `shown` is the account that must be built. Failures of others are warnings: a choice takes
        effect whatever else is wrong.
        """
        others = [self._planned(one) for one in self.listed.values()]
        self.builder().take_off(self.state, self.state.load_accounts(), others)
        strict, self.output.warn_only = self.output.warn_only, True
        try:
            failed = [outcome for outcome in self.build() if outcome.name == shown]
        except RenderError as error:
            if shown:
                raise
            self.output.warning(error.where, error.what, error.hint)
            return 0
        finally:
            self.output.warn_only = strict
        return 1 if failed else 0

    def unreadable(self, loaded: "LoadedAccounts") -> "list[Outcome]":
        """The accounts that cannot be read, as outcomes."""
        from generator.sync import Outcome

        return [Outcome(key, problem=error.problem, lost=True) for key, error in loaded.unreadable]

    def report_build(self, built: "Built", output: Path) -> None:
        """Print the result of a build."""
        what = (
            f"{plural(built.accounts, 'public account')}, {plural(built.copies, 'copy', 'copies')}"
        )
        if built.unlisted:
            what += f", {built.unlisted} unlisted"
        what += f", {plural(built.files, 'file')}"
        if not built.changed:
            self.output.info(f"nothing to do: {output} is up to date: {what}")
            return
        if built.unchanged:
            what += f"; {plural(built.unchanged, 'account')} unchanged"
        self.output.info(f"built {output}: {what}")
        if built.copies and self.master_table is None:
            self.output.info(
                "years are those of the pressings; build-site enrich adds the original"
            )
