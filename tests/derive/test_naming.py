"""Folding, orders, credit lines and format lines."""

import re
import unicodedata
from string import digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.derive.naming import (
    credit_line,
    fold,
    format_display,
    key_of,
    name_key,
    natural_key,
    sort_name,
    without_suffix,
)
from tests.factories import make_artist, make_format


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        *(("", ""), ("AC/DC", "ac/dc"), ("Björk", "bjork"), ("Bjo\u0308rk", "bjork")),
        *(("Æther", "aether"), ("ǽ", "ae"), ("Œuvre", "oeuvre"), ("Straße", "strasse")),
        *(("STRAẞE", "strasse"), ("Ødegaard", "odegaard"), ("Ǿ", "o"), ("Đorđe", "dorde")),
        *(("Ðe", "de"), ("Þórr", "thorr"), ("Łódź", "lodz"), ("İstanbul", "istanbul")),
        ("Işıl", "isil"),  # noqa: RUF001 - Turkish is meant
        *(("ΌΣΟΣ", "οσοσ"), ("ςΣσ", "σσσ")),  # noqa: RUF001 - Greek is meant
        *(("ﬁ", "fi"), ("A\u20dd", "a"), ("a\u00a0b", "a b"), ("\U0001f3b5", "\U0001f3b5")),
        ("１２", "12"),  # noqa: RUF001 - wide digits are meant
        *(("Кино", "кино"), ("坂本龍一", "坂本龍一")),
    ],
)
def test_folding_drops_marks_and_case(text, folded):
    assert fold(text) == folded


@given(st.text())
def test_a_folded_text_has_no_marks_and_no_capitals_and_is_its_own_fold(text):
    folded = fold(text)

    assert not {unicodedata.category(char) for char in folded} & {"Mn", "Me"}
    assert folded.lower().replace("ς", "σ") == folded  # noqa: RUF001 - Greek is meant
    assert fold(folded) == folded


ARTICLES = "the a an der die das le la les los las el il de het os as"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(("The The", "the"), ("The", "the"), ("A", "a"), ("A-ha", "a-ha"), ("!!!", "!!!")),
        *(("L'Orchestre", "l'orchestre"), ("Die Antwoord", "antwoord"), ("Theatre", "theatre")),
        *(("De La Soul", "la soul"), ("The  Kinks", "kinks"), ("Thé Lau", "lau")),
        ("Den Haag", "den haag"),
        *((f"{article.upper()} Nord", "nord") for article in ARTICLES.split()),
    ],
)
def test_one_article_before_a_space_is_dropped(name, expected):
    assert sort_name(name) == expected


@pytest.mark.parametrize(
    "ordered",
    [
        ["!!!", "2Pac", "10cc", "AC/DC"],
        ["Track 2", "Track 02", "Track 002", "Track 10", "Track a"],
        ["Vol. 1 b", "Vol. 01 a", "Vol. 2 a"],
        ["a", "a 1", "a1", "ab"],
        ["0", "00", "1", "9", "10", "010", "a"],
        ["1/2", "1:2"],
        ["Nord", "Ødegaard", "Ost"],
        ["Aether", "Æther"],
        ["Bjork", "Björk", "bjork"],
        ["x", "я", "坂"],
        ["Sunn", "Sunn O)))", "Sunny"],
        # Only ASCII digits make numbers.
        ["\u0661\u0660", "\u0662"],
        # A number may be of any length.
        ["0" * 5000 + "7", "8", "9" * 5000, "1" + "0" * 5000],
    ],
    ids=lambda names: names[0][:9],
)
def test_names_are_in_natural_order(ordered):
    assert sorted(set(ordered), key=name_key) == ordered


def place(one, other):
    """Below 0 if one text comes first, above it if the other does."""
    both = [re.findall("[0-9]+|[^0-9]", text) for text in (one, other)]
    for left, right in zip(*both, strict=False):
        if left != right and left[0] in digits and right[0] in digits:
            return int(left) - int(right) or len(left) - len(right)
        if left != right:
            return ord(left[0]) - ord(right[0])
    return len(both[0]) - len(both[1])


TEXTS = st.text("0019ab -:", max_size=8)


@given(TEXTS, TEXTS)
def test_the_natural_order_is_the_one_described(one, other):
    keys = natural_key(one), natural_key(other)

    assert (keys[0] < keys[1], keys[0] == keys[1]) == (place(one, other) < 0, one == other)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(("Nirvana (2)", "Nirvana"), ("Nirvana (123)", "Nirvana"), ("Madonna*", "Madonna*")),
        *(("Nirvana (2) Live", "Nirvana (2) Live"), ("Nirvana(2)", "Nirvana(2)"), ("(2)", "(2)")),
        *(("Nirvana (2) (3)", "Nirvana (2)"), ("Nirvana (UK)", "Nirvana (UK)")),
    ],
)
def test_a_number_at_the_end_of_a_name_is_dropped(name, expected):
    assert without_suffix(name) == expected


@pytest.mark.parametrize(
    ("artists", "expected"),
    [
        ([], ""),
        ([("Ida Morrow", "", "&")], "Ida Morrow"),
        ([("A", "", "&"), ("B", "", "")], "A & B"),
        ([("A", "", " Featuring "), ("B", "", ""), ("C", "", "")], "A Featuring B, C"),
        ([("A", "", ","), ("B", "", ";"), ("C", "", "/"), ("D", "", ",")], "A, B; C / D"),
        ([("A", "", "  "), ("B", "", "")], "A, B"),
        ([("Nirvana (2)", "", "And"), ("The Kinks (3)", "", "")], "Nirvana And The Kinks"),
        ([("Morrow (2)", "I. Morrow (2)", ""), ("B*", "B*", "")], "I. Morrow (2), B*"),
        ([("Duo (2) Trio", "", "")], "Duo (2) Trio"),
    ],
)
def test_a_credit_line_joins_its_artists(artists, expected):
    credited = [make_artist(name, printed=printed, join=join) for name, printed, join in artists]

    assert credit_line(credited) == expected


@pytest.mark.parametrize(
    ("name", "quantity", "descriptions", "text", "expected"),
    [
        ("Vinyl", 2, ("LP", "Album"), "180 g", "2×Vinyl, LP, Album, 180 g"),
        ("CD", 1, (), "", "CD"),
        ("File", 10, ("FLAC",), "", "10×File, FLAC"),
        ("All Media", 1, (), "Limited", "All Media, Limited"),
    ],
)
def test_a_format_is_one_line(name, quantity, descriptions, text, expected):
    entry = make_format(name, quantity=quantity, descriptions=descriptions, text=text)

    assert format_display(entry) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"id": 2309, "name": "Nirvana"}, 2309),
        ({"id": None, "name": "Björk"}, "name:bjork"),
        ({"id": None, "name": "Nirvana (2)"}, "name:nirvana (2)"),
    ],
)
def test_an_artist_s_key_is_the_id_or_the_folded_name(changes, expected):
    assert key_of(make_artist(**changes)) == expected
