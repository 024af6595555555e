"""Serving from the command line."""

from pathlib import Path

from generator.cli.output import Output
from generator.render.server import SiteServer


def serve(site: Path, port: int, output: Output) -> None:
    """Serve until interrupted; the address is the first line on stdout."""
    with SiteServer(site, port) as server:
        output.result(server.url)
        output.say("press Ctrl-C to stop")
        server.serve_forever()
