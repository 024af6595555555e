"""Assets: which files belong to a site, and the digest they are found under."""

from generator.render.assets import bundled, collected, digest


def write(directory, **files):
    """Files by name; two underscores stand for a slash."""
    for name, content in files.items():
        path = directory / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return directory


def test_every_file_is_an_asset(tmp_path):
    write(tmp_path, main=b"m", css__base=b"b", css__a__b=b"deep", _hidden=b"x", src__css__base=b"s")
    (tmp_path / "_hidden").rename(tmp_path / ".DS_Store")
    write(tmp_path / ".git", config=b"secret")

    assert list(collected([tmp_path]).items()) == [
        ("css/a/b", b"deep"),
        ("css/base", b"b"),
        ("main", b"m"),
    ]


def test_a_workspace_overrides_single_files(tmp_path):
    own = write(tmp_path / "own", css__tokens=b"mine", extra=b"e")
    ours = write(tmp_path / "ours", css__tokens=b"theirs", css__base=b"b")

    assert collected([own, ours]) == {"css/base": b"b", "css/tokens": b"mine", "extra": b"e"}


def test_the_digest_follows_every_byte():
    digests = [
        digest(files)
        for files in (
            {},
            {"a": b""},
            {"a": b"1"},
            {"b": b"1"},
            {"a": b"1", "b": b""},
            {"a": b"", "b": b"1"},
            {"a1": b""},
        )
    ]

    assert len(set(digests)) == 7
    assert all(len(one) == 16 and one.isalnum() and one == one.lower() for one in digests)


def test_the_digest_is_the_same_everywhere():
    # printf 'a\0001\0001b\0000\000' | sha256sum | cut -c1-16
    assert digest({"a": b"1", "b": b""}) == "477acdeaba5d22e0"


def test_templates_and_assets_come_with_the_program():
    assert (bundled("templates") / "base.html").is_file()
    assert (bundled("assets") / "js" / "list.js").is_file()
