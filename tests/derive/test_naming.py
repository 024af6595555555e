"""Folding, orders, credit lines and format lines."""

import re
import unicodedata
from string import digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.derive.naming import (
    artist_key,
    credit_line,
    fold,
    format_display,
    name_key,
    natural_key,
    sort_name,
    without_suffix,
)
from tests.factories import make_artist, make_format


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("AC/DC", "ac/dc"),
        ("Björk", "bjork"),
        ("Bjo\u0308rk", "bjork"),
        ("Æther", "aether"),
        ("ǽ", "ae"),
        ("Œuvre", "oeuvre"),
        ("Straße", "strasse"),
        ("STRAẞE", "strasse"),
        ("Ødegaard", "odegaard"),
        ("Ǿ", "o"),
        ("Đorđe", "dorde"),
        ("Ðe", "de"),
        ("Þórr", "thorr"),
        ("Łódź", "lodz"),
        ("Işıl", "isil"),  # noqa: RUF001 - Turkish is meant
        ("İstanbul", "istanbul"),
        ("ΌΣΟΣ", "οσοσ"),  # noqa: RUF001 - Greek is meant
        ("ςΣσ", "σσσ"),  # noqa: RUF001 - Greek is meant
        ("ﬁ", "fi"),
        ("１２", "12"),  # noqa: RUF001 - wide digits are meant
        ("A\u20dd", "a"),
        ("Кино", "кино"),
        ("坂本龍一", "坂本龍一"),
        ("a\u00a0b", "a b"),
        ("\U0001f3b5", "\U0001f3b5"),
    ],
)
def test_fold_forgets_marks_and_case(text, folded):
    """Compatibility forms, marks and case go; kindred letters are spelt out, in both cases."""
    assert fold(text) == folded


@given(st.text())
def test_folding_leaves_no_marks(text):
    """Whatever is folded holds no combining mark and no letter that has a lower case."""
    folded = fold(text)

    assert not {unicodedata.category(char) for char in folded} & {"Mn", "Me"}
    assert folded.lower().replace("ς", "σ") == folded  # noqa: RUF001 - Greek is meant


@given(st.text())
def test_folding_twice_is_folding_once(text):
    """A folded text is its own fold."""
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("The The", "the"),
        ("The", "the"),
        ("A", "a"),
        ("A-ha", "a-ha"),
        ("L'Orchestre", "l'orchestre"),
        ("Die Antwoord", "antwoord"),
        ("De La Soul", "la soul"),
        ("The  Kinks", "kinks"),
        ("Theatre", "theatre"),
        ("Thé Lau", "lau"),
        ("Den Haag", "den haag"),
        ("!!!", "!!!"),
    ],
)
def test_one_leading_article_is_removed(name, expected):
    """Only an article before a space, only once, and only if something remains."""
    assert sort_name(name) == expected


ARTICLES = "the a an der die das le la les los las el il de het os as"


@pytest.mark.parametrize("article", ARTICLES.split())
def test_every_article_is_known(article):
    """All seventeen articles, in any case."""
    assert sort_name(f"{article.upper()} Nord") == "nord"


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
    ],
)
def test_names_are_ordered_as_people_do(ordered):
    """Folded, digits as numbers before letters, then fewer zeros, then the raw string."""
    assert sorted(set(ordered), key=name_key) == ordered


def test_other_digits_are_letters():
    """Only 0 to 9 make numbers: Arabic digits stand by their code points."""
    two, ten = "\u0662", "\u0661\u0660"

    assert sorted([two, ten], key=name_key) == [ten, two]


def test_a_run_of_digits_may_be_of_any_length():
    """Five thousand digits are a number like any other."""
    nines, power = "9" * 5000, "1" + "0" * 5000

    assert sorted([power, "0" * 5000 + "7", nines, "8"], key=name_key) == [
        "0" * 5000 + "7",
        "8",
        nines,
        power,
    ]


@given(st.lists(st.integers(0, 10**30), max_size=8))
def test_numbers_are_ordered_by_size(numbers):
    """Texts that are nothing but a number without zeros before it come in the numbers' order."""
    found = sorted((str(number) for number in numbers), key=natural_key)

    assert found == [str(number) for number in sorted(numbers)]


def place(one, other):
    """Below 0 where one text comes first, above it where the other does."""
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
    """Code point by code point, a run of digits as one number, then by fewer leading zeros."""
    keys = natural_key(one), natural_key(other)

    assert (keys[0] < keys[1], keys[0] == keys[1]) == (place(one, other) < 0, one == other)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Nirvana (2)", "Nirvana"),
        ("Nirvana (123)", "Nirvana"),
        ("Nirvana (2) Live", "Nirvana (2) Live"),
        ("Nirvana(2)", "Nirvana(2)"),
        ("Nirvana (2) (3)", "Nirvana (2)"),
        ("Nirvana (UK)", "Nirvana (UK)"),
        ("Madonna*", "Madonna*"),
        ("(2)", "(2)"),
    ],
)
def test_the_number_of_a_name_is_removed(name, expected):
    """A number in brackets at the very end, after one space."""
    assert without_suffix(name) == expected


@pytest.mark.parametrize(
    ("artists", "expected"),
    [
        ([], ""),
        ([("Ida Morrow", "", "")], "Ida Morrow"),
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
    """Printed names or names without number; comma and semicolon take no space before them."""
    credited = [make_artist(name, printed=printed, join=join) for name, printed, join in artists]

    assert credit_line(credited) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {
                "name": "Vinyl",
                "quantity": 2,
                "descriptions": ("LP", "Album", "Reissue"),
                "text": "180 g",
            },
            "2×Vinyl, LP, Album, Reissue, 180 g",
        ),
        ({"name": "CD", "descriptions": ()}, "CD"),
        ({"name": "File", "quantity": 10, "descriptions": ("FLAC",)}, "10×File, FLAC"),
        ({"name": "All Media", "descriptions": (), "text": "Limited"}, "All Media, Limited"),
    ],
)
def test_a_format_is_shown_in_one_line(changes, expected):
    """The quantity from two on, the name, its descriptions in order, the free text."""
    assert format_display(make_format(**changes)) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"id": 2309, "name": "Nirvana"}, 2309),
        ({"id": None, "name": "Björk"}, "name:bjork"),
        ({"id": None, "name": "Nirvana (2)"}, "name:nirvana (2)"),
    ],
)
def test_an_artist_is_known_by_id_or_name(changes, expected):
    """The id where there is one, else the folded name."""
    assert artist_key(make_artist(**changes)) == expected
