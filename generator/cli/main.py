"""The door: runs the command line and turns every ending into its exit code."""

import io
import os
import sys
from typing import NoReturn

import click

from generator.cli.commands import cli
from generator.cli.output import Output
from generator.errors import GeneratorError, UsageError, reason

INTERRUPTED = 130


def main() -> NoReturn:
    """Run build-site with the process's arguments and leave with its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that knows few characters shows the others escaped, as stderr does anyway.
        sys.stdout.reconfigure(errors="backslashreplace")
    code = run(sys.argv[1:])
    _flush()
    # Requests may still be under way in other threads, when interrupted or when one of several
    # failed for good. Nothing waits for their answers, so the process does not either.
    os._exit(code)


def _flush() -> None:
    """Write what is left, or give it up: run has told of the failure, Python would do so again."""
    try:
        if sys.stdout:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def run(arguments: list[str]) -> int:
    """The exit code of a command line; an expected error is one line and a hint on stderr."""
    output = Output(debug="--debug" in arguments)
    try:
        code = cli.main(arguments, prog_name="build-site", standalone_mode=False)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except (GeneratorError, click.ClickException, OSError) as exc:
        error = _expected(exc)
        output.problem(error)
        return error.exit_code
    return code if isinstance(code, int) else 0


def _expected(error: GeneratorError | click.ClickException | OSError) -> GeneratorError:
    if isinstance(error, click.ClickException):
        return _usage_error(error)
    return _file_error(error) if isinstance(error, OSError) else error


def _usage_error(error: click.ClickException) -> UsageError:
    context = getattr(error, "ctx", None)
    where = context.command_path if context else "build-site"
    what = error.format_message().rstrip(".")
    return UsageError(where, what[:1].lower() + what[1:], f"{where} --help shows how")


def _file_error(error: OSError) -> GeneratorError:
    where = str(error.filename) if error.filename else "this machine"
    return GeneratorError(
        where, reason(error), "nothing was lost: mend this and run the command again"
    )
