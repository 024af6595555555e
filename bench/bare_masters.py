"""Reads a dump of masters with the standard library alone, the way a script would."""

import gzip
import sys
from xml.etree import ElementTree as ET


def main(path: str) -> None:
    """Print how many masters have a year."""
    known = 0
    with gzip.open(path) as file:
        for _, element in ET.iterparse(file):
            if element.tag == "master":
                known += (element.findtext("year") or "0") != "0"
                element.clear()
    print(known)


if __name__ == "__main__":
    main(sys.argv[1])
