"""`python -m generator` is `build-site`."""

from generator.cli import main

main()
