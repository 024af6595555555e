"""The stand-in for Discogs on loopback, and the invented collection it serves in the demo.

The tests and `build-site demo` share both. Nothing here depends on the program that talks to it.
"""
