"""The command line: parse, wire, call one use case, print. Home of click."""

from generator.cli.main import main

__all__ = ["main"]
