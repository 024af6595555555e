"""The charts: what is drawn, what the table says and what is published are the same numbers."""

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pytest

from tests.browser.shelf import numbered_shelf
from tests.browser.sites import built_site, served
from tests.browser.tabs import fresh, lent

DASHBOARD = "u/shelf/collection/"
STILL = {"reduced_motion": "reduce"}
COLLECTIONS = ("cc0-2554", "real-500", "real-155", "empty", "one")
SMALL = 30  # copies: below, a shelf says more than growth and decades
WIDTHS = (360, 768, 1440)

WALK = """async () => {
  const undrawn = () => [...document.querySelectorAll("figure[data-component]")].some(
    (figure) => !globalThis.Chart?.getChart(figure.querySelector("canvas")));
  while (undrawn()) {
    for (const figure of document.querySelectorAll("figure")) {
      figure.scrollIntoView();
      await new Promise(requestAnimationFrame);
    }
  }
  scrollTo(0, 0);
}"""

READ = """() => Object.fromEntries([...document.querySelectorAll("figure")].map((figure) => {
  const chart = globalThis.Chart?.getChart(figure.querySelector("canvas"));
  const texts = (root, selector) =>
    [...root.querySelectorAll(selector)].map((each) => each.textContent);
  return [figure.dataset.chart, {
    table: {
      series: texts(figure, "thead th + th"),
      rows: [...figure.querySelectorAll("tbody tr")].map((row) => ({
        label: row.querySelector("th").textContent,
        numbers: texts(row, "td").map((text) => Number(text.replaceAll(",", ""))),
        copies: Number(row.dataset.copies),
        percent: row.dataset.percent ?? null,
      })),
    },
    drawn: chart ? {
      labels: [...chart.data.labels],
      datasets: chart.data.datasets.map(({ label, data }) => [label, [...data]]),
    } : null,
  }];
}))"""


@dataclass(frozen=True)
class Dashboard:
    """A dashboard in a tab, every chart of it drawn, and the published numbers."""

    tab: Any
    address: str
    stats: dict[str, Any]

    def open(self, name):
        """Load the page anew and bring a chart into view, drawn and at rest."""
        self.tab.goto(self.address)
        self.tab.wait_for_selector("main[data-ready]")
        self.tab.evaluate(WALK)
        self.tab.locator(f"[data-chart={name}]").scroll_into_view_if_needed()

    def at(self, name, place):
        """Where an element of a chart is, in its canvas."""
        return self.tab.evaluate(
            """([name, [series, index]]) => {
              const canvas = document.querySelector(`[data-chart=${name}] canvas`);
              const element = Chart.getChart(canvas).getDatasetMeta(series).data[index];
              return element.getCenterPoint();
            }""",
            [name, place],
        )

    def href(self, name, place):
        """The link that the table has for it."""
        series, index = place
        cell = f"td:nth-of-type({series + 1})" if name == "decades" else "th"
        row = self.tab.locator(f"[data-chart={name}] tbody tr").nth(index)
        return row.locator(f"{cell} a").get_attribute("href")


def raw_items(name, request):
    """The items of a collection as they were sent."""
    if name in ("empty", "one"):
        return numbered_shelf()[: int(name == "one")]
    path = request.getfixturevalue("real_data") / "collections" / f"{name}.json"
    payload = json.loads(path.read_text(encoding="utf-8"))
    return payload if isinstance(payload, list) else payload["releases"]


@pytest.fixture(scope="module", params=COLLECTIONS)
def dashboard(request, browser, tmp_path_factory):
    """The dashboard of a collection, opened once."""
    site = built_site(tmp_path_factory.mktemp("charts"), raw_items(request.param, request))
    stats = json.loads((site / DASHBOARD / "stats.json").read_text("utf-8"))
    with served(site) as address, lent(browser, media=STILL) as tab:
        shown = Dashboard(tab.page, address + DASHBOARD, stats)
        shown.open("genres")
        yield shown
        assert tab.problems == []


def top(entries):
    """All up to eight, else the top seven and the rest."""
    pairs = [(entry["name"], entry["copies"]) for entry in entries]
    if len(pairs) <= 8:
        return pairs
    return [*pairs[:7], ("Other", sum(copies for _, copies in pairs[7:]))]


def shares(numbers):
    """Percentages by the largest remainder."""
    exact = [Fraction(number * 100, sum(numbers)) for number in numbers]
    order = sorted(range(len(exact)), key=lambda at: (-(exact[at] % 1), at))
    raised = order[: 100 - sum(int(share) for share in exact)]
    return [str(int(share) + (at in raised) or "<1") for at, share in enumerate(exact)]


def single(pairs, column="Records", percents=None):
    """The table of a chart with one number a row."""
    percents = percents or [None] * len(pairs)
    return {
        "series": [column],
        "rows": [
            {"label": str(label), "numbers": [copies], "copies": copies, "percent": percent}
            for (label, copies), percent in zip(pairs, percents, strict=True)
        ],
    }


def decades(stats):
    """Decades against formats: the formats are those of the chart of formats."""
    names = [name for name, _ in top(stats["by_format"])]
    rest = len(stats["by_format"]) > 8
    rows = []
    for entry in stats["by_decade_format"]:
        counts = {each["name"]: each["copies"] for each in entry["formats"]}
        total = sum(counts.values())
        numbers = [counts.get(name, 0) for name in (names[:-1] if rest else names)]
        numbers += [total - sum(numbers)] if rest else []
        rows.append((entry["decade"], numbers, total))
    percents = shares([total for _, _, total in rows])
    return {
        "series": names,
        "rows": [
            {"label": decade, "numbers": numbers, "copies": total, "percent": percent}
            for (decade, numbers, total), percent in zip(rows, percents, strict=True)
        ],
    }


def expected(stats):
    """Every table, from the complete lists of stats.json."""
    formats = top(stats["by_format"])
    growth = [(each["month"], each["total"]) for each in stats["by_month_added"]]
    return {
        "genres": single(top(stats["by_genre"])),
        "formats": single(formats, percents=shares([copies for _, copies in formats])),
        "artists": single([(each["name"], each["copies"]) for each in stats["top_artists"]]),
        "years": single([(each["year"], each["copies"]) for each in stats["by_year"]]),
        "growth": single(growth, "Records in all"),
        "decades": decades(stats),
    }


def drawing(table):
    """What is drawn of a table: nothing of an empty one."""
    if not table["rows"]:
        return None
    columns = zip(*(row["numbers"] for row in table["rows"]), strict=True)
    return {
        "labels": [row["label"] for row in table["rows"]],
        "datasets": [
            [name, list(column)] for name, column in zip(table["series"], columns, strict=True)
        ],
    }


def test_drawing_table_and_published_numbers_are_the_same(dashboard):
    tables = expected(dashboard.stats)
    if dashboard.stats["copies"] < SMALL:
        del tables["growth"], tables["decades"]

    assert dashboard.tab.evaluate(READ) == {
        name: {"table": table, "drawn": drawing(table)} for name, table in tables.items()
    }


def test_the_complete_lists_add_up(dashboard):
    stats = dashboard.stats
    by_month = [each["copies"] for each in stats["by_month_added"]]
    totals = [each["total"] for each in stats["by_month_added"]]
    by_decade = {
        each["decade"]: sum(one["copies"] for one in each["formats"])
        for each in stats["by_decade_format"]
    }

    assert sum(each["copies"] for each in stats["by_format"]) == stats["copies"]
    assert by_decade == {each["name"]: each["copies"] for each in stats["by_decade"]}
    assert totals == [sum(by_month[: at + 1]) for at in range(len(by_month))]
    assert totals[-1:] == [stats["copies"]][: len(totals)]


FOLLOWED = """async () => {
  for (let frames = 0; frames < 4; frames += 1) await new Promise(requestAnimationFrame);
}"""
LABELS = """async () => {
  for (let frames = 0; frames < 4; frames += 1) await new Promise(requestAnimationFrame);
  const canvases = document.querySelectorAll("figure[data-kind=line] canvas[tabindex]");
  const drawn = Array.from(canvases, (canvas) => Chart.getChart(canvas));
  const labelled = drawn.filter(({ scales }) => scales.x.options.display);
  return labelled.map(({ ctx, scales: { x }, width }) => {
    const boxes = x.getLabelItems().map(({ font, label, options }) => {
      ctx.font = font.string;
      const half = ctx.measureText(label).width / 2;
      return [options.translation[0] - half, options.translation[0] + half];
    });
    return { boxes, width };
  });
}"""


@pytest.mark.parametrize("width", WIDTHS)
def test_the_labels_of_a_line_never_touch(dashboard, width):
    dashboard.tab.set_viewport_size({"width": width, "height": 800})

    for axis in dashboard.tab.evaluate(LABELS):
        edges = [0, *(edge for box in axis["boxes"] for edge in box), axis["width"]]
        gaps = [after - before for before, after in zip(edges[2:-1:2], edges[3:-1:2], strict=False)]
        assert axis["boxes"]
        assert edges[0] <= edges[1] + 1
        assert edges[-2] <= edges[-1] + 1
        assert min(gaps, default=8) >= 8


def test_a_window_that_shrinks_leaves_nothing_outside(dashboard):
    for width in (1440, 360):
        dashboard.tab.set_viewport_size({"width": width, "height": 800})
    dashboard.tab.evaluate(FOLLOWED)

    assert dashboard.tab.evaluate("document.documentElement.scrollWidth") == 360


PLACES = {
    "genres": (0, 2),
    "formats": (0, 1),
    "artists": (0, 3),
    "years": (0, -1),
    "decades": (1, 1),
}
"""Which slice, bar, point or segment is tried: series and row."""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """A small collection in which every chart has something to press."""
    items = numbered_shelf()
    for number, item in enumerate(items):
        basic = item["basic_information"]
        basic["genres"] = [("Rock", "Jazz", "Pop")[number % 3]]
        basic["year"] = 1969 + number % 20
        basic["artists"][0] |= {"name": f"Artist {number % 5}", "id": 10 + number % 5}
        item["date_added"] = f"{2020 + number % 3}-0{1 + number % 9}-11T10:00:00-08:00"
    with served(built_site(tmp_path_factory.mktemp("shelf"), items)) as address:
        yield address + DASHBOARD


@pytest.fixture(scope="module", params=["mouse", "touch"])
def hand(request, browser, shelf):
    """The dashboard of the small collection, under a mouse or a finger."""
    phone = {"size": (360, 740), "has_touch": True, "is_mobile": True}
    more = phone if request.param == "touch" else {}
    with lent(browser, media=STILL, **more) as tab:
        yield Dashboard(tab.page, shelf, {}), request.param
        assert tab.problems == []


def place_of(shown, name):
    """The place to be tried, its row counted from the start."""
    series, row = PLACES[name]
    rows = shown.tab.locator(f"[data-chart={name}] tbody tr").count()
    return [series, row % rows]


@pytest.mark.parametrize("name", PLACES)
def test_everything_drawn_leads_to_its_list(hand, name):
    shown, with_what = hand
    shown.open(name)
    place = place_of(shown, name)
    href = shown.href(name, place)
    canvas = shown.tab.locator(f"[data-chart={name}] canvas")
    press = canvas.tap if with_what == "touch" else canvas.click
    press(position=shown.at(name, place))
    shown.tab.wait_for_url(lambda url: url.endswith(href))

    assert href.startswith("all/?")


@pytest.fixture
def desk(browser, shelf):
    """The dashboard of the small collection, freshly loaded and drawn."""
    with lent(browser, media=STILL) as tab:
        shown = Dashboard(tab.page, shelf, {})
        shown.open("genres")
        yield shown
        assert tab.problems == []


@pytest.mark.parametrize("how", [{"modifiers": ["ControlOrMeta"]}, {"button": "middle"}])
def test_a_new_tab_is_opened_as_by_a_link(desk, how):
    position = desk.at("formats", [0, 1])
    with desk.tab.context.expect_page() as opened:
        desk.tab.locator("[data-chart=formats] canvas").click(position=position, **how)
    opened.value.wait_for_url("**/all/?format=CD")
    opened.value.close()

    assert desk.tab.url == desk.address


WALKS = {
    "genres": (["ArrowRight", "ArrowRight", "ArrowLeft", "End"], "Pop, 26 records", "genre=Pop"),
    "formats": (["ArrowDown", "ArrowDown"], "CD, 20 records · 25%", "format=CD"),
    "artists": (["End", "Home"], "Artist 0, 16 records", "artist=10&sort=year"),
    "years": (["ArrowLeft", "ArrowRight"], "1970, 4 records", "year=1970"),
    "decades": (
        ["ArrowDown", "ArrowDown", "ArrowRight", "ArrowUp"],
        "1960s, Vinyl: 4 records",
        "decade=1960s&format=Vinyl",
    ),
}
"""Keys, what is said at the end of them, and where Enter leads."""


@pytest.mark.parametrize("name", WALKS)
def test_keys_walk_through_a_chart(desk, name):
    keys, said, query = WALKS[name]
    figure = desk.tab.locator(f"[data-chart={name}]")
    canvas = figure.locator("canvas")
    canvas.focus()
    for key in keys:
        canvas.press(key)
    marked = canvas.evaluate("(canvas) => Chart.getChart(canvas).getActiveElements().length")

    assert figure.locator("[aria-live=polite]").text_content() == said
    assert marked == 1
    canvas.press("Enter")
    desk.tab.wait_for_url(f"**/all/?{query}")


SWALLOWED = """(canvas) => new Promise((done) => {
  globalThis.swallowed = [];
  addEventListener("keydown", (event) => swallowed.push([event.key, event.defaultPrevented]));
  done();
})"""


def test_keys_that_do_nothing_are_not_swallowed(desk):
    canvas = desk.tab.locator("[data-chart=genres] canvas")
    canvas.focus()
    canvas.evaluate(SWALLOWED)
    for key in ("Enter", "Tab", "Shift+Tab", "PageDown", "a", "Alt+ArrowUp", "ArrowRight"):
        canvas.press(key)
    canvas.press("ArrowLeft")
    canvas.press("Escape")
    left = canvas.evaluate(
        "(canvas) => document.activeElement !== canvas"
        " && Chart.getChart(canvas).getActiveElements().length === 0"
    )

    assert left
    assert [
        (key, prevented)
        for key, prevented in desk.tab.evaluate("swallowed")
        if key not in ("Alt", "Shift")
    ] == [
        ("Enter", False),
        ("Tab", False),
        ("Tab", False),
        ("PageDown", False),
        ("a", False),
        ("ArrowUp", False),
        ("ArrowRight", True),
        ("ArrowLeft", False),
        ("Escape", True),
    ]


def test_a_drawing_says_what_it_is(desk):
    canvas = desk.tab.locator("[data-chart=formats] canvas")
    names = ("role", "aria-roledescription", "tabindex", "aria-label")
    canvas.focus()
    canvas.press("ArrowRight")

    assert [canvas.get_attribute(name) for name in names] == [
        "application",
        "chart",
        "0",
        "Formats: 75% of the records are Vinyl. There are 2 formats.",
    ]
    assert canvas.evaluate("(canvas) => getComputedStyle(canvas).outlineStyle") == "solid"


COLOURS = """async () => {
  for (let frames = 0; frames < 3; frames += 1) await new Promise(requestAnimationFrame);
  return [...document.querySelectorAll("figure[data-component]")].map((figure) => {
    const [dataset] = Chart.getChart(figure.querySelector("canvas")).data.datasets;
    const colours = [dataset.borderColor, dataset.backgroundColor].flat();
    const head = figure.dataset.kind === "stacked" ? "thead th + th" : "tbody th";
    const swatch = getComputedStyle(figure.querySelector(head), "::before").color;
    const own = !figure.querySelector("[data-tone]");
    return { swatch, own, drawn: colours.includes(swatch) };
  });
}"""


@pytest.mark.parametrize("change", ["switch", "system"])
def test_another_theme_redraws_in_its_colours(desk, change):
    before = desk.tab.evaluate(COLOURS)
    if change == "system":
        desk.tab.emulate_media(color_scheme="dark")
    else:
        for _ in range(2):
            desk.tab.locator(".theme").click()
    after = desk.tab.evaluate(COLOURS)

    assert [each["drawn"] for each in before + after] == [True] * len(before + after)
    by_theme = [
        {each["swatch"] for each in each_time if each["own"]} for each_time in (before, after)
    ]
    assert len(by_theme[0] | by_theme[1]) == 2


def test_table_rows_are_links_without_scripts(browser, shelf):
    doors = {
        "[data-chart=genres] tbody th a >> nth=1": "genre=Rock",
        "[data-chart=years] tbody th a >> nth=0": "year=1969",
        "[data-chart=decades] thead th a >> nth=1": "format=CD",
        "[data-chart=decades] tbody td a >> nth=1": "decade=1970s&format=Vinyl",
    }
    with lent(browser, java_script_enabled=False) as tab:
        tab.page.goto(shelf)
        found = {link: tab.page.locator(link).get_attribute("href") for link in doors}

    assert found == {link: f"all/?{query}" for link, query in doors.items()}


def test_the_library_comes_when_a_chart_comes_near(browser, shelf):
    asked: list[str] = []

    def far(route):
        page = route.fetch()
        lines = "<p>far</p>" * 200
        route.fulfill(
            response=page,
            body=page.text().replace('<section class="chapter months"', f"{lines}<section"),
        )

    def asked_for_at(address):
        asked.clear()
        tab.goto(address)
        tab.wait_for_selector("main[data-ready]")
        tab.evaluate(FOLLOWED)
        return sum("vendor/chart.js" in url for url in asked)

    with fresh(browser, media=STILL) as opened:
        tab = opened.page
        tab.on("request", lambda request: asked.append(request.url))
        tab.route(shelf, far)
        before = asked_for_at(shelf)
        tab.locator("[data-chart=genres]").scroll_into_view_if_needed()
        tab.wait_for_selector("[data-chart=genres] canvas[tabindex]")
        after = sum("vendor/chart.js" in url for url in asked)
        elsewhere = [asked_for_at(shelf + page) for page in ("../../../", "../", "all/")]

    assert (before, after, elsewhere) == (0, 1, [0, 0, 0])
