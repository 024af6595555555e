"""Exporting from the command line."""

from zoneinfo import ZoneInfo

from generator.cli.app import App
from generator.derive.exports import releases_csv
from generator.derive.rows import rows
from generator.domain.snapshot import snapshot_json
from generator.errors import SnapshotError


def exported(app: App, name: str, form: str) -> bytes:
    """An account's snapshot as text. Raises SnapshotError before the first sync."""
    snapshot = app.snapshots.load(app.account(name))
    if snapshot is None:
        raise SnapshotError(name, "was never synced", f"run build-site sync {name} first")
    if form == "json":
        return snapshot_json(snapshot)
    zone = ZoneInfo(app.settings.site.timezone)
    return releases_csv(rows(snapshot, {}, app.environment.image_origin, zone)).encode()
