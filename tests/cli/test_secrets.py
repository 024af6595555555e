"""What must never be seen: no secret in any output, nothing readable in data/, nobody in site/."""

import base64
import json
import re
from itertools import cycle

import pytest

from generator.demo.api import Person
from generator.demo.signatures import Application
from generator.demo.wire import error_response
from tests import faults
from tests.cli.running import KEY, Ended, Terminal, first_line, make_shelf, visit
from tests.faults import Fault
from tests.standin import StandIn

CONSUMER = Application("ck_Qz81Consumer", "cs_Wv93ConsumerSecret", "Gatefold")
PERSONAL = "pat_Xu55OfTheRecluse"
EMAIL = "owner.k7@mail.example"
NOTE = "bought from Mr. Zwolle-Quux"
FOLDER = "Kay's Zeppelin shelf"
RECLUSE = "recluse-q4"


def make_people():
    """An owner who shows her records, and somebody who hides his."""
    shelf = make_shelf(4)
    for item in shelf:
        item["notes"] = [{"field_id": 3, "value": NOTE}]
        item["folder_id"] = 4711
    hidden = make_shelf(2, first=601)
    return [
        Person("demo", id=77, copies=shelf, folders={4711: FOLDER}, email=EMAIL),
        Person(RECLUSE, id=78, copies=hidden, token=PERSONAL, email=EMAIL, private=True),
    ]


def spoken(terminal, *arguments, **environ):
    """A run with everything switched on that makes it talk, tracebacks among it."""
    code, out, err = terminal.begin("-v", "--debug", *arguments, **environ).wait()
    return Ended(code, out.decode(), err.decode())


def login(terminal, *arguments):
    """A login in the browser, talkative, and all that was said of it."""
    with terminal.start("-v", "--debug", "connect", *arguments, "--no-browser") as process:
        address = first_line(process)
        visit(address)
        out, err = process.communicate(timeout=60)
    return Ended(process.returncode, address + out.decode(), err.decode())


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    """A workspace that has seen everything go well and badly, and all that was said meanwhile."""
    with StandIn(make_people(), consumer=CONSUMER) as discogs:
        discogs.limit.authenticated = 1000
        terminal = Terminal(tmp_path_factory.mktemp("life"), discogs)
        terminal.configure('[sync]\nmax_wait = "0s"\ncooldown = "0s"\n')
        said = [login(terminal, "demo", "--privacy", "public")]
        said += [spoken(terminal, "connect", "--token", DISCOGS_TOKEN=PERSONAL)]
        said += [spoken(terminal), spoken(terminal, "accounts"), spoken(terminal, "export", "demo")]
        granted = discogs.grants.access_tokens
        secrets = [*granted, *(token.secret for token in granted.values())]
        said += misfortunes(terminal, discogs, [*secrets, PERSONAL])
        yield terminal, said, secrets


def misfortunes(terminal, discogs, secrets):
    """Runs that fail, also with answers that repeat what they were asked with."""
    # One account at a time: a second one would keep its distance from a first that failed.
    names = cycle(("demo", RECLUSE))
    for fault in (faults.RESET, faults.TRUNCATED, faults.SERVER_ERROR, faults.BLOCKED):
        discogs.add_fault(fault, times=None)
        yield spoken(terminal, "sync", next(names))
        discogs.clear_faults()
    for status in (400, 401, 403, 500):
        echo = Fault(error_response(status, f"Bad {' '.join(secrets)} {CONSUMER.secret}"))
        discogs.add_fault(echo, lambda request: not request.path.endswith("authorize"), times=None)
        yield spoken(terminal, "sync", next(names))
        yield spoken(terminal, "connect", "--no-browser", "--deadline", "1")
        yield spoken(terminal, "connect", "--token", DISCOGS_TOKEN=PERSONAL)
        discogs.clear_faults()
    yield spoken(terminal, "sync", "demo", DISCOGS_API_URL="http://127.0.0.1:9")
    yield spoken(terminal, "sync", OAUTH_ENCRYPTION_KEY=KEY[:-4])
    yield spoken(terminal, "connect", "--token", DISCOGS_TOKEN=f"{PERSONAL} \x01")


def spellings(secret):
    """A secret as it is, and as it might have been dressed for a header or an address."""
    return [secret, base64.b64encode(secret.encode()).decode().rstrip("="), secret.encode().hex()]


def found_in(text, words):
    """Which of the words a text holds in any spelling."""
    return [word for word in words if any(dress in text for dress in spellings(word))]


def test_the_life_was_a_full_one(life):
    terminal, said, secrets = life

    assert {ended.code for ended in said} == {0, 1, 2, 12, 13}
    assert len(secrets) >= 2
    assert list(terminal.listed()) == ["demo", RECLUSE]


def test_no_output_holds_a_secret(life):
    _, said, secrets = life
    words = [CONSUMER.key, CONSUMER.secret, PERSONAL, KEY, KEY.rstrip("="), *secrets]

    assert found_in("".join(ended.out + ended.err for ended in said), words) == []


def test_no_output_holds_what_is_not_ours_to_tell(life):
    _, said, _ = life

    assert found_in("".join(ended.out + ended.err for ended in said), [EMAIL, NOTE, FOLDER]) == []


def test_codes_are_not_repeated(life):
    _, said, _ = life
    code = re.compile(r"\bV\d{5}")

    assert [ended for ended in said if code.search(ended.out + ended.err)] == []


def test_nothing_below_data_can_be_read(life):
    terminal, _, secrets = life
    kept = terminal.state()
    words = [CONSUMER.key, CONSUMER.secret, PERSONAL, KEY, EMAIL, NOTE, FOLDER, RECLUSE, *secrets]
    words += ["Année 1", "Blue Note", "2173236001", '"demo"']
    text = "".join(f"{path}\n{content.decode('latin-1')}" for path, content in kept.items())

    assert len(kept) == 10
    assert found_in(text.replace(str(terminal.workspace), ""), words) == []


def test_the_site_holds_neither_secrets_nor_the_hidden(life):
    terminal, _, secrets = life
    site = terminal.workspace / "site"
    files = [path for path in sorted(site.rglob("*")) if path.is_file()]
    text = "".join(
        f"{path.relative_to(site)}\n{path.read_bytes().decode('latin-1')}" for path in files
    )
    words = [CONSUMER.key, CONSUMER.secret, PERSONAL, KEY, EMAIL, NOTE, FOLDER, RECLUSE, *secrets]
    ids = [str(account["discogs_id"]) for account in terminal.listed().values()]

    assert len(files) > 20
    assert found_in(text, words) == []
    assert "2173236001" in text
    assert "2173236601" not in text
    assert ids == ["77", "78"]


def test_an_export_holds_what_the_site_needs_and_nothing_else(life):
    terminal, _, _ = life
    exported = json.loads(terminal.run("export", "demo").out)

    assert set(exported["copies"][0]) == {
        "instance_id",
        "release_id",
        "date_added",
        "rating",
        "folder_id",
    }
