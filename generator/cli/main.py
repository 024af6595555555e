"""The entry point: runs the command line and turns every ending into its exit code."""

import io
import os
import sys
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, NoReturn

import click

from generator.cli.commands import ACTIONS, cli
from generator.errors import GeneratorError, UsageError, reason

if TYPE_CHECKING:
    from generator.cli.output import Output

INTERRUPTED = 130


def main() -> NoReturn:
    """Run build-site with the process's arguments and exit with its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal with few characters shows the others escaped, as stderr does anyway.
        sys.stdout.reconfigure(errors="backslashreplace")
    code = run_program(sys.argv[1:])
    _flush()
    # Other threads may still wait for responses, after an interrupt or a permanent failure.
    # Nothing needs those responses, so the process does not wait for the threads.
    os._exit(code)


def run_program(arguments: list[str]) -> int:
    """The exit code of a command line; an expected error is one line and a hint on stderr."""
    output = _output("--debug" in arguments)
    try:
        code = cli.main(arguments, prog_name="build-site", standalone_mode=False, obj=output)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except (GeneratorError, click.ClickException, OSError) as exc:
        error = _expected(exc)
        output.error(error)
        return error.exit_code
    return code if isinstance(code, int) else 0


def _output(debug: bool) -> "Output":
    """The output for a terminal, or for the log of a workflow."""
    if os.environ.get("GITHUB_ACTIONS") == "true" and find_spec(ACTIONS):
        workflow: Output = import_module(ACTIONS).WorkflowOutput(debug=debug)
        return workflow
    from generator.cli import output

    return output.Output(debug=debug)


def _flush() -> None:
    """Write the rest of stdout, or give up: `run_program` reported the failure already."""
    try:
        if sys.stdout:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _expected(error: GeneratorError | click.ClickException | OSError) -> GeneratorError:
    if isinstance(error, GeneratorError):
        return error
    if isinstance(error, OSError):
        where = str(error.filename) if error.filename else "this machine"
        return GeneratorError(where, reason(error), "nothing was lost; fix this and try again")
    context = getattr(error, "ctx", None)
    where = context.command_path if context else "build-site"
    what = error.format_message().rstrip(".")
    return UsageError(where, what[:1].lower() + what[1:], f"{where} --help lists the options")
