"""Gatefold turns a Discogs record collection into a static site.

The map of the package; imports point down, never up or sideways:

    __main__ → cli                      parse, wire, call one use case, print
    listed                              the collections of site.toml, which have no state
    sync | connect | build    config    the use cases; site.toml and the environment
    discogs | store | render | demo     adapters: the network, our files, the site, the stand-in
    derive                              pure: snapshot in, value out
    domain                              frozen nouns
    errors                              every error the program expects

The snapshot is the narrow waist: `sync` writes it, `build` reads it. `build` never opens a
socket, `sync` never sees a template.
"""

__version__ = "0.1.0"
