"""The lists measured beside ours, one written naively and one of List.js, with the same records.

They are made from the published data, with the site's style sheets.
"""

import json
import re
import shutil
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from bench.packages import HERE

RIVALS = {"naive": ("naive.js",), "List.js": ("list.min.js", "library.js")}
"""Their scripts; the last one is a module."""
LETTERS = 10
SCRIPTS = HERE / "browser"
EMBEDDED = re.compile(r'id="collection">(.*?)</script>', re.DOTALL)
STYLESHEET = re.compile(r'<link rel="stylesheet" href="(?:\.\./)+([^"]+)">')
BODY = """<main class="page" id="list">
<h1>All records</h1>
<div class="list">
<search class="toolbar"><input class="field" type="search" aria-label="Search">
<button class="button" type="button" data-part="reset">Reset</button></search>
<aside class="facets" data-part="facets"></aside>
<section class="list-body"><p role="status"></p><ol class="rows" data-results></ol>
<ul class="pagination"></ul></section>
</div>
</main>
"""


def write_rivals(site: Path, collection: Path, library: Path) -> Mapping[str, str]:
    """Put the pages beside ours into the site; their paths there, by name."""
    page = (collection / "all/index.html").read_text("utf-8")
    published = json.loads((collection / "releases.json").read_bytes())["items"]
    found = EMBEDDED.search(page)
    if found is None:
        raise SystemExit("the list embeds no collection")
    data = {
        "facets": json.loads(found[1])["facets"],
        "rows": [_trimmed(item) for item in published],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    for name, scripts in RIVALS.items():
        folder = site / name
        folder.mkdir()
        document = _document(name, STYLESHEET.findall(page), scripts, text)
        (folder / "index.html").write_text(document, "utf-8")
        for file in (SCRIPTS / "facets.js", SCRIPTS / scripts[-1], library / "dist/list.min.js"):
            shutil.copyfile(file, folder / file.name)
    return {name: f"{name}/" for name in RIVALS}


def realistic_queries(collection: Path) -> Sequence[str]:
    """What somebody looks for: an artist, a title, a label, a number, a year, what is not there.

    The records stand at fixed places of the collection; nobody types more than a few letters.
    """
    items = json.loads((collection / "releases.json").read_bytes())["items"]
    at = [items[len(items) * part // 5] for part in range(5)]
    label = at[2]["labels"][0]
    return [
        at[0]["artists"][0]["name"].lower()[:LETTERS],
        at[1]["title"].lower()[:LETTERS],
        label["name"].lower()[:LETTERS],
        (at[3]["labels"][0]["catalog_number"] or label["name"])[:LETTERS],
        str(at[4]["year"] or 1975),
        "xylophone",
    ]


def _trimmed(item: Mapping[str, Any]) -> dict[str, object]:
    """What a list needs of a record, as anybody would name it."""
    label = item["labels"][0] if item["labels"] else {"name": "", "catalog_number": ""}
    year = item["year"]
    return {
        "instance": str(item["instance_id"]),
        "url": item["url"],
        "credit": item["credit"],
        "title": item["title"],
        "formats": " + ".join(item["formats"]),
        "label": label["name"],
        "number": label["catalog_number"] or "",
        "year": str(year or ""),
        "added": item["date_added"][:10],
        "thumb": item["thumb"] or "",
        "genre": item["genres"],
        "style": item["styles"],
        "format": [item["format"]],
        "decade": [f"{year // 10 * 10}s"] if year else [],
    }


def _document(name: str, sheets: Sequence[str], scripts: Sequence[str], data: str) -> str:
    """A page whose list is made by its scripts from the data in it."""
    links = "".join(f'<link rel="stylesheet" href="../{sheet}">\n' for sheet in sheets)
    *plain, module = scripts
    loaded = "".join(f'<script src="{script}" defer></script>\n' for script in plain)
    return (
        f'<!doctype html>\n<html lang="en" data-theme="auto">\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(name)}</title>\n{links}{loaded}"
        f'<script type="module" src="{module}"></script>\n{BODY}'
        f'<script type="application/json" id="collection">{data}</script>\n'
    )
