"""Codes as people hand them over."""

import pytest

from generator.discogs.codes import Code, parse_code
from generator.errors import UsageError


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("fOoBaRbAzQ", Code("fOoBaRbAzQ")),
        ("  fOoBa\r\nRbAzQ \n", Code("fOoBaRbAzQ")),
        ("a=b&c", Code("a=b&c")),
        ("https://x.example/?oauth_token=RT&oauth_verifier=V", Code("V", "RT")),
        ("https://x.example/a?b=1&oauth_verifier=V&oauth_token=RT#c?d=e", Code("V", "RT")),
        ("http://127.0.0.1:8080/?oauth_token=R%2FT&oauth_verifier=V%20", Code("V ", "R/T")),
        ("https://x.example/?oauth_verifier=V", Code("V")),
        ("?oauth_token=RT&oauth_verifier=V", Code("V", "RT")),
        ("oauth_verifier=V&oauth_token=RT", Code("V", "RT")),
        ("https://x.example/?oauth_token=A&oauth_token=RT&oauth_verifier=V", Code("V", "RT")),
        ("https://x.example/?denied=RT", Code("", "RT")),
    ],
)
def test_a_code_is_found(text, code):
    """Bare or in an address; with the request token where that is told."""
    assert parse_code(text) == code


@pytest.mark.parametrize(
    "text",
    ["", " \n", "V\u00e4", "V\0", "V" * 2001, "https://x.example/?oauth_token=RT", "https://x/"],
)
def test_what_is_no_code_is_refused_without_repeating_it(text):
    """Bad usage, before anybody is asked."""
    with pytest.raises(UsageError) as refusal:
        parse_code(text)

    assert refusal.value.where == "CODE"
    assert len(refusal.value.what) < 60


def test_a_code_does_not_show_itself():
    """Neither the verifier nor the token."""
    assert repr([Code("geheim", "geheim")]) == "[Code(***)]"
