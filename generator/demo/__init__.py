"""The stand-in for Discogs on loopback, and the invented collection it serves in the demo.

The tests and `build-site demo` share both. Nothing here depends on the program that talks to it.
"""

from generator.demo.api import JsonObject, Person
from generator.demo.sample import Sample, sample_collection
from generator.demo.signatures import Application
from generator.demo.standin import Authorization, StandIn
from generator.demo.wire import Request

__all__ = [
    "Application",
    "Authorization",
    "JsonObject",
    "Person",
    "Request",
    "Sample",
    "StandIn",
    "sample_collection",
]
