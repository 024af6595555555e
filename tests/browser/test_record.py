"""The record dialog: opened from a row or by its address, closed with Back, nothing asked for."""

from typing import Any

import pytest

from tests.browser.shelf import LARGE
from tests.browser.sites import built_site, served, tab
from tests.browser.tabs import fresh
from tests.discogs.wire import make_item

FORMATS = [
    {"name": "All Media", "qty": "1", "text": "Numbered"},
    {"name": "Vinyl", "qty": "2", "descriptions": ["LP", "Album"]},
]
LABELS = [
    {"name": "Blue Note (3)", "catno": "BLP-4003", "id": 1},
    {"name": "Not On Label", "catno": "none", "id": 2},
]
STYLES = ["Hard Bop", "R&B"]
EVIL = "</dialog><img src=x onerror=\"document.title='owned'\">\u202e\u2028\u0000" + "W" * 2000
FIRST, TWIN, OTHER, PLAIN, HOSTILE, LAST = (str(number) for number in range(LARGE + 1, LARGE + 7))

FRAMES = """async () => {
  for (let frames = 0; frames < 4; frames += 1) await new Promise(requestAnimationFrame);
}"""
READ = """() => {
  const dialog = document.querySelector("dialog.record-dialog");
  if (!dialog?.open) return null;
  const all = (selector) => [...dialog.querySelectorAll(selector)];
  const texts = (selector) => all(selector).map((each) => each.textContent);
  return {
    name: texts("#" + dialog.getAttribute("aria-labelledby"))[0],
    credit: texts("header .record-credit")[0],
    facts: Object.fromEntries([...dialog.querySelectorAll("dl > div")].map((fact) => [
      fact.querySelector("dt").textContent,
      [...fact.querySelectorAll("dd")].map((value) => value.textContent),
    ])),
    others: texts("li a > span:last-child"),
    links: [...dialog.querySelectorAll("a")].map((link) => link.getAttribute("href")),
  };
}"""


def shelf():
    """Six copies, newest first: two of one release, another pressing, strange ones, a last."""
    basics: list[dict[str, Any]] = [
        {"id": 11, "master_id": 7, "formats": FORMATS, "labels": LABELS, "styles": STYLES},
        {"id": 11, "master_id": 7, "formats": FORMATS, "labels": LABELS, "styles": STYLES},
        {"id": 12, "master_id": 7, "title": "Blue Train (Mono)", "year": 0, "labels": LABELS[:1]},
        {
            "master_id": 8,
            "title": "Plain",
            "genres": ["-Odd"],
            "styles": [],
            "formats": [],
            "labels": [],
        },
        {"master_id": 9, "title": EVIL, "labels": [{"name": EVIL, "catno": EVIL, "id": 3}]},
        {"master_id": None, "title": "Last", "labels": []},
    ]
    return [
        make_item(
            place,
            basic,
            id=basic.get("id", 5000 + place),
            instance_id=LARGE + place,
            rating=4 if place == 1 else 0,
            date_added=f"2024-05-{20 - place}T09:30:00-07:00",
        )
        for place, basic in enumerate(basics, 1)
    ]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Where the site of the six copies is served."""
    with served(built_site(tmp_path_factory.mktemp("record"), shelf())) as address:
        yield address


@pytest.fixture
def record(shown):
    """The list of the six copies, freshly loaded."""
    return shown


def loaded(shown):
    """Wait for the script of the dialog, which comes when a pointer comes near a record."""
    shown.tab.dispatch_event("[data-results]", "pointerover")
    shown.tab.wait_for_selector("dialog.record-dialog", state="attached")


def opener(shown, instance):
    """The button in the row of a copy, once a press opens the record at once."""
    loaded(shown)
    return shown.tab.locator(f'[data-instance="{instance}"] [data-part="open-record"]')


def place(shown):
    """The page's address behind its path, and how long the history is."""
    return [shown.query + shown.tab.evaluate("location.hash"), shown.tab.evaluate("history.length")]


def title(shown):
    """The title of the record that is shown, None for no dialog."""
    read = shown.tab.evaluate(READ)
    return read and read["name"]


def until(shown, hash_):
    """Wait until the address has come to this fragment."""
    shown.tab.wait_for_function("(hash) => location.hash === hash", arg=hash_)


def test_a_click_opens_the_record(record):
    opener(record, FIRST).click()

    assert record.tab.evaluate(READ) == {
        "name": "Blue Train",
        "credit": "Coltrane",
        "facts": {
            "Released": ["1997"],
            "Format": ["All Media, Numbered", "2×Vinyl, LP, Album"],
            "Label": ["Blue Note · BLP-4003", "Not On Label"],
            "Genre": ["Jazz"],
            "Style": ["Hard Bop", "R&B"],
            "Rating": ["4 of 5"],
            "Added": ["19 May 2024"],
            "Copies": ["2 of this release"],
            "By this artist": ["6 records"],
        },
        "others": ["Blue Train (Mono) · 2×Vinyl, LP, Album, 180g · Year unknown · Blue Note"],
        "links": [
            "?artist=97545",
            "https://www.discogs.com/release/11",
            "?year=1997",
            "?label=1",
            "?label=2",
            "?genre=Jazz",
            "?style=Hard+Bop",
            "?style=R%26B",
            "?added=2024-05",
            "?artist=97545",
            f"#record={OTHER}",
        ],
    }


def test_what_is_not_known_is_left_out(record):
    opener(record, PLAIN).click()

    assert record.tab.evaluate(READ) == {
        "name": "Plain",
        "credit": "Coltrane",
        "facts": {
            "Released": ["1997"],
            "Genre": ["-Odd"],
            "Added": ["16 May 2024"],
            "Copies": ["1 of this release"],
            "By this artist": ["6 records"],
        },
        "others": [],
        "links": [
            "?artist=97545",
            "https://www.discogs.com/release/5004",
            "?year=1997",
            "?genre=%5C-Odd",
            "?added=2024-05",
            "?artist=97545",
        ],
    }


def test_nothing_is_asked_for_but_covers(record):
    loaded(record)
    record.tab.wait_for_load_state("networkidle")
    requests: list[tuple[str, str]] = []
    record.tab.on("request", lambda sent: requests.append((sent.resource_type, sent.url)))
    for instance in (FIRST, OTHER, LAST):
        opener(record, instance).click()
        record.tab.evaluate(FRAMES)
        record.tab.keyboard.press("Escape")
        until(record, "")

    asked = [url for kind, url in requests if kind != "image"]
    asked = [url for url in asked if not url.endswith("/icons/record.svg")]
    assert [url for url in asked if "/all/covers-" not in url] == []
    assert len(asked) == 1  # the addresses of large covers, once


def test_opening_pushes_one_entry_and_back_closes(record):
    record.open("?q=blue&sort=title")
    _, before = place(record)
    opener(record, OTHER).click()
    assert place(record) == [f"?q=blue&sort=title#record={OTHER}", before + 1]

    record.tab.go_back()
    assert [title(record), *place(record)] == [None, "?q=blue&sort=title", before + 1]
    record.tab.go_forward()
    assert title(record) == "Blue Train (Mono)"
    assert [row["instance"] for row in record.read()["rows"]] == [FIRST, TWIN, OTHER]


def test_closing_goes_back(record, closing):
    record.open("?genre=Jazz")
    opener(record, TWIN).click()
    closing(record)
    until(record, "")
    record.tab.go_back()
    record.tab.wait_for_selector("main[data-ready]")

    assert [title(record), record.tab.url] == [None, record.address]


def by_escape(shown):
    """Press the key."""
    shown.tab.keyboard.press("Escape")


def by_button(shown):
    """Press the button."""
    shown.press("Close")


def by_backdrop(shown):
    """Click beside the dialog."""
    shown.tab.mouse.click(5, 5)


@pytest.fixture(params=[by_escape, by_button, by_backdrop])
def closing(request):
    """The ways to close the dialog."""
    return request.param


def test_a_pasted_link_opens_the_record(record, closing):
    record.open(f"?q=plain#record={LAST}")
    before = place(record)[1]
    assert title(record) == "Last"
    assert [row["instance"] for row in record.read()["rows"]] == [PLAIN]

    closing(record)
    until(record, "")
    assert [title(record), *place(record)] == [None, "?q=plain", before]


def test_a_reload_keeps_the_record_and_its_way_back(record):
    opener(record, OTHER).click()
    before = place(record)
    record.tab.reload()
    record.tab.wait_for_selector("main[data-ready]")
    assert [title(record), *place(record)] == ["Blue Train (Mono)", *before]

    record.press("Close")
    until(record, "")
    record.tab.go_forward()
    assert title(record) == "Blue Train (Mono)"


def test_an_unknown_record_is_forgotten(record):
    for named in ("1", f"0{FIRST}"):
        record.open(f"?q=blue#record={named}")
        assert [title(record), place(record)[0]] == [None, "?q=blue"]

    for named in ("1", "", "x", "-1", f"0{FIRST}", f"{FIRST}.0", "%31", "\U0001f4bf"):
        record.tab.evaluate("(named) => (location.hash = `#record=${named}`)", named)
        until(record, "")
        assert [title(record), record.query] == [None, "?q=blue"], named


def test_another_pressing_opens_above_the_first(record):
    opener(record, FIRST).click()
    record.tab.get_by_role("dialog").get_by_role("link", name="Mono").click()
    assert [title(record), place(record)[0]] == ["Blue Train (Mono)", f"#record={OTHER}"]
    record.tab.go_back()
    assert [title(record), place(record)[0]] == ["Blue Train", f"#record={FIRST}"]
    record.tab.go_forward()
    record.press("Close")
    until(record, "")
    record.tab.go_back()

    assert record.tab.url == "about:blank"


def test_a_style_leads_to_the_list_of_it(record):
    record.open("?q=blue")
    opener(record, FIRST).click()
    record.tab.evaluate("window.kept = true")
    record.tab.get_by_role("link", name="R&B").click()
    assert [title(record), *place(record)[:1]] == [None, "?style=R%26B"]
    assert [row["instance"] for row in record.read()["rows"]] == [FIRST, TWIN]
    assert record.tab.evaluate("window.kept") is True

    record.tab.go_back()
    assert [title(record), place(record)[0]] == ["Blue Train", f"?q=blue#record={FIRST}"]
    assert record.read()["search"] == "blue"


def test_arrows_walk_the_result(record):
    record.open("?q=blue&sort=added-asc")
    opener(record, OTHER).click()
    before = place(record)[1]
    walked = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        record.tab.keyboard.press(key)
        walked.append(place(record)[0].partition("#record=")[2])
    record.press("Next record")

    assert walked == [TWIN, FIRST, OTHER, FIRST]
    assert place(record) == [f"?q=blue&sort=added-asc#record={OTHER}", before]
    assert record.tab.locator(".record-steps span").inner_text() == "1 of 3"


def test_arrows_with_alt_are_the_browsers(record):
    opener(record, FIRST).click()
    record.tab.keyboard.press("Alt+ArrowRight")

    assert place(record)[0] == f"#record={FIRST}"


def test_the_keyboard_alone_is_enough(record):
    opener(record, OTHER).focus()
    record.tab.keyboard.press("Enter")
    inside = "document.activeElement.closest('dialog') !== null"
    assert record.tab.evaluate(inside)
    record.tab.keyboard.press("Escape")
    until(record, "")

    focused = "document.activeElement.closest('[data-instance]')?.dataset.instance"
    assert record.tab.evaluate(focused) == OTHER


def test_focus_returns_to_the_row_walked_to(record):
    opener(record, FIRST).click()
    record.tab.keyboard.press("ArrowRight")
    record.tab.keyboard.press("Escape")
    until(record, "")

    focused = "document.activeElement.closest('[data-instance]')?.dataset.instance"
    assert record.tab.evaluate(focused) == TWIN


def test_typing_after_closing_is_kept(record):
    loaded(record)
    record.tab.evaluate(
        """(instance) => {
          document.querySelector(`[data-instance="${instance}"] [data-part="open-record"]`).click();
          const dialog = document.querySelector("dialog.record-dialog");
          dialog.addEventListener("close", () => {
            const search = document.querySelector("input[type=search]");
            search.value = "plain";
            search.dispatchEvent(new Event("input", { bubbles: true }));
          });
          dialog.close();
        }""",
        FIRST,
    )
    record.tab.wait_for_function("() => location.hash === '' && history.state === null")
    record.tab.evaluate(FRAMES)
    read = record.read()

    assert [read["search"], [row["instance"] for row in read["rows"]]] == ["plain", [PLAIN]]
    assert place(record)[0] == "?q=plain"


def test_the_next_record_may_be_opened_at_once(record):
    loaded(record)
    before = place(record)[1]
    record.tab.evaluate(
        """([one, other]) => {
          const press = (id) =>
            document.querySelector(`[data-instance="${id}"] [data-part="open-record"]`).click();
          const dialog = document.querySelector("dialog.record-dialog");
          press(one);
          dialog.addEventListener("close", () => press(other), { once: true });
          dialog.close();
        }""",
        [FIRST, LAST],
    )
    until(record, f"#record={LAST}")

    assert [title(record), place(record)[1]] == ["Last", before + 1]


def test_hostile_text_stays_text(record):
    opener(record, HOSTILE).click()
    arrived = EVIL.replace("\u0000", "")
    read = record.tab.evaluate(READ)
    wide = "document.querySelector('.record-sheet').scrollWidth > innerWidth"

    assert [read["name"], read["facts"]["Label"]] == [arrived, [f"{arrived} · {arrived}"]]
    assert record.tab.title() != "owned"
    assert record.tab.evaluate(wide) is False


def test_the_link_of_a_record_is_copied(browser, address):
    with tab(browser, address, fresh, permissions=["clipboard-read", "clipboard-write"]) as shown:
        shown.open("?q=blue")
        opener(shown, OTHER).click()
        dialog = shown.tab.get_by_role("dialog")
        dialog.get_by_role("button", name="Copy link").click()
        dialog.get_by_text("Copied", exact=True).wait_for()

        link = f"{address}u/shelf/collection/all/#record={OTHER}"
        assert shown.tab.evaluate("navigator.clipboard.readText()") == link


def test_the_dialog_adds_no_copy_and_no_status(record):
    opener(record, FIRST).click()
    count = "(selector) => document.querySelectorAll(`main ${selector}`).length"

    assert record.tab.evaluate(count, f'[data-instance="{FIRST}"]') == 1
    assert record.tab.evaluate(count, "[role=status]") == 1
    assert record.tab.evaluate(count, "output") == 0


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_behind_the_dialog_moves(browser, address, width):
    with tab(browser, address, size=(width, 500)) as shown:
        shown.open()
        box = f"""() => {{
          const box = document.querySelector('[data-instance="{LAST}"]').getBoundingClientRect();
          return [box.x, Math.round(box.y), box.width];
        }}"""
        opener(shown, LAST).focus()
        before = shown.tab.evaluate(box)
        shown.tab.keyboard.press("Enter")
        assert title(shown) == "Last"
        assert shown.tab.evaluate(box) == before

        shown.tab.keyboard.press("Escape")
        until(shown, "")
        assert shown.tab.evaluate(box) == before


def test_a_press_leads_to_discogs_if_the_dialog_cannot_be_loaded(record):
    record.tab.route("**/js/record.js", lambda route: route.abort())
    record.tab.route(
        "https://www.discogs.com/**",
        lambda route: route.fulfill(body="Discogs", content_type="text/plain"),
    )
    record.tab.locator(f'[data-instance="{FIRST}"] [data-part="open-record"]').click()
    record.tab.wait_for_url("https://www.discogs.com/release/11")


@pytest.mark.parametrize("width", [360, 768, 1440, 1920])
def test_the_record_has_room_for_its_name_and_a_round_disc(record, width):
    record.tab.set_viewport_size({"width": width, "height": 900})
    record.open(f"#record={FIRST}")
    name = record.tab.locator(".record-name").bounding_box()
    disc = record.tab.locator(".record-dialog .record-disc").bounding_box()
    end = record.tab.locator(".record-sheet").bounding_box()

    assert name["width"] >= 250
    assert disc["width"] == pytest.approx(disc["height"], rel=0.02)
    assert name["x"] + name["width"] <= end["x"] + end["width"]
