"""What `make bench` tells of the pages: what it serves, what it keeps of a report, its lines."""

import gzip
from urllib.request import ProxyHandler, build_opener

import pytest

from bench.compressed import served
from bench.lighthouse import Visit, parse_visit
from bench.pages import heading, told


def make_visit(performance=100, *failed, seo=100, largest=1.5, script=2048):
    scores = {"performance": performance, "accessibility": 100, "best-practices": 100, "seo": seo}
    sizes = {"html": 1024, "js": script, "css": 512, "font": 0, "image": 0, "other": 0}
    return Visit(scores, (1.0, largest, 7.4, 0.0125), sizes, failed)


@pytest.fixture
def site(tmp_path):
    """A site of three files, served compressed."""
    (tmp_path / "u").mkdir()
    (tmp_path / "u" / "index.html").write_text("<p>ø" * 100, "utf-8")
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "f.woff2").write_bytes(b"font")
    with served(tmp_path) as address:
        yield address


def test_text_is_sent_compressed(site):
    with build_opener(ProxyHandler({})).open(f"{site}u/?q=a") as answer:
        body = answer.read()

    assert gzip.decompress(body).decode() == "<p>ø" * 100
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Content-Type"] == "text/html"
    assert int(answer.headers["Content-Length"]) == len(body) < 100


def test_fonts_are_sent_as_they_are(site):
    with build_opener(ProxyHandler({})).open(f"{site}assets/f.woff2") as answer:
        assert answer.read() == b"font"
    assert answer.headers["Content-Encoding"] is None
    assert answer.headers["Content-Type"] == "font/woff2"
    assert answer.headers["Cache-Control"] == "max-age=31536000, immutable"


def audit(score, mode="binary", **more):
    return {"score": score, "scoreDisplayMode": mode, **more}


def test_a_report_is_read():
    names = {"performance": 0.994, "accessibility": 0.9, "best-practices": 1, "seo": None}
    references = {
        "accessibility": [("color-contrast", 7), ("label", 7), ("table", 7), ("tabindex", 0)],
        "seo": [("robots-txt", 1)],
    }
    report = {
        "categories": {
            name: {
                "score": score,
                "auditRefs": [
                    {"id": audit_id, "weight": weight}
                    for audit_id, weight in references.get(name, [])
                ],
            }
            for name, score in names.items()
        },
        "audits": {
            "color-contrast": audit(0),
            "label": audit(1),
            "table": audit(None, "notApplicable"),
            "tabindex": audit(0),
            "robots-txt": audit(None, "error"),
            "first-contentful-paint": audit(1, numericValue=950.0),
            "largest-contentful-paint": audit(1, numericValue=1250.0),
            "total-blocking-time": audit(1, numericValue=30.5),
            "cumulative-layout-shift": audit(1, numericValue=0.25),
            "network-requests": {
                "details": {
                    "items": [
                        {"resourceType": "Document", "transferSize": 3000},
                        {"resourceType": "Script", "transferSize": 200},
                        {"resourceType": "Script", "transferSize": 50},
                        {"resourceType": "Fetch", "transferSize": 7},
                        {"resourceType": "Manifest", "transferSize": 1},
                    ]
                }
            },
        },
    }

    assert parse_visit(report) == Visit(
        scores={"performance": 99, "accessibility": 90, "best-practices": 100, "seo": 0},
        times=(0.95, 1.25, 30.5, 0.25),
        sizes={"html": 3000, "js": 250, "css": 0, "font": 0, "image": 0, "other": 8},
        failed=("accessibility: color-contrast", "seo: robots-txt"),
    )


def test_a_page_is_told_in_a_line():
    visits = [
        make_visit(100, largest=1.4),
        make_visit(97, "seo: canonical", seo=92, largest=9.0),
        make_visit(99, largest=1.6, script=4096),
    ]

    assert f"{heading('12.8.2')}\n{told('dashboard', visits)}" == (
        "Lighthouse 12.8.2, mobile\n"
        "                perf  a11y  best   seo  FCP s  LCP s  TBT ms    CLS"
        "   html     js    css   font  image  other  total\n"
        "dashboard         99   100   100    92   1.00   1.60       7  0.013"
        "    1.0    2.0    0.5    0.0    0.0    0.0    3.5\n"
        "    performance of each visit: 100 97 99\n"
        "    seo: canonical"
    )
