"""The stand-in for Discogs on loopback, and the invented collection it serves in the demo.

The tests and `build-site demo` share both. Nothing here knows the program it is talked to by.
"""

from generator.demo import faults
from generator.demo.faults import Fault, Received
from generator.demo.people import Consumer, Item, Person
from generator.demo.sample import Sample, sample_collection
from generator.demo.standin import Authorization, StandIn

__all__ = [
    "Authorization",
    "Consumer",
    "Fault",
    "Item",
    "Person",
    "Received",
    "Sample",
    "StandIn",
    "faults",
    "sample_collection",
]
