"""A plain client for the stand-in, independent of the program's own."""

from urllib.parse import parse_qs, quote, urlsplit

import requests
from requests_oauthlib import OAuth1

AGENT = {"User-Agent": "StandInTests/1.0 +https://example.org"}


def ask(discogs, path, **headers):
    """GET without following redirects; keyword arguments are additional headers."""
    return requests.get(
        discogs.url + path, headers=AGENT | headers, allow_redirects=False, timeout=5
    )


def ask_as(discogs, token, path, **session):
    """GET signed with an access token given as (key, secret)."""
    auth = OAuth1(discogs.consumer.key, discogs.consumer.secret, *token, **session)
    return requests.get(discogs.url + path, headers=AGENT, auth=auth, timeout=60)


def request_token(discogs, callback="oob", method="HMAC-SHA1", consumer=None):
    """The response to the first step of OAuth."""
    consumer = consumer or discogs.consumer
    auth = OAuth1(consumer.key, consumer.secret, callback_uri=callback, signature_method=method)
    url = discogs.url + "/oauth/request_token"
    return requests.get(url, headers=AGENT, auth=auth, timeout=60)


def access_token(discogs, token, verifier, method="HMAC-SHA1"):
    """The response to the third step."""
    auth = OAuth1(
        discogs.consumer.key,
        discogs.consumer.secret,
        resource_owner_key=token[0],
        resource_owner_secret=token[1],
        verifier=verifier,
        signature_method=method,
    )
    return requests.post(discogs.url + "/oauth/access_token", headers=AGENT, auth=auth, timeout=60)


def token_in(answer):
    """Key and secret in a form-encoded body."""
    form = parse_qs(answer.text)
    return form["oauth_token"][0], form["oauth_token_secret"][0]


def query_of(url):
    """The parameters of an address, the last value of each."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}


def oauth_header(**values):
    """An Authorization header of these parameters, named without their oauth_."""
    parts = (f'oauth_{name}="{quote(value, safe="")}"' for name, value in values.items())
    return "OAuth " + ", ".join(parts)


def copies(number, **changes):
    """That many copies, a minute apart, ids from 1."""
    return [
        {
            "id": 100 + n,
            "instance_id": n,
            "date_added": f"2020-03-01T{10 + n // 60:02}:{n % 60:02}:00-08:00",
            "rating": 0,
            "basic_information": {"id": 100 + n, "title": f"Title {n}"},
            "folder_id": 1,
            "notes": [{"field_id": 3, "value": "paid too much"}],
        }
        | changes
        for n in range(1, number + 1)
    ]
