"""Which addresses are public, and how a URL is taken apart."""

import pytest

from video_pipeline.adapters.addresses import WebAddress, is_public


@pytest.mark.parametrize(
    "address",
    [
        "93.184.216.34",
        "1.1.1.1",
        "2606:4700:4700::1111",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
    ],
)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - an address to refuse, nothing is bound to it
        "10.0.0.1",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.8.8.8",
        "168.63.129.16",
        "169.254.169.254",
        "169.254.170.2",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:101:101::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_of_any_other_kind_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Media.Example/a", ("https", "media.example", 443, "/a")),
        ("HTTPS://media.example", ("https", "media.example", 443, "/")),
        ("https://media.example:8443?x=1", ("https", "media.example", 8443, "/?x=1")),
        ("https://media.example/ä?q=ü#part", ("https", "media.example", 443, "/%C3%A4?q=%C3%BC")),
        ("https://media.example/a%2Fb/../c", ("https", "media.example", 443, "/a%2Fb/../c")),
        ("https://bücher.example/", ("https", "xn--bcher-kva.example", 443, "/")),
        ("http://[::1]:80/", ("http", "::1", 80, "/")),
    ],
)
def test_a_url_is_taken_apart(url: str, expected: tuple[str, str, int, str]) -> None:
    found = WebAddress.parse(url)
    assert (found.scheme, found.host, found.port, found.target) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "media.example/a",
        "ftp://media.example/a",
        "file:///etc/passwd",
        "https://",
        "https:///a",
        "https://me:pw@media.example/a",
        "https://@media.example/a",
        "https://media.example\\@evil.example/",
        "https://media.example/a b",
        "https://media.example/a\r\nHost: evil",
        "https://media.exam\nple/",
        "https://media.example:99999/",
        "https://media.example:x/",
        "https://media.example:0/",
        "https://-media.example/",
        "https://a..b/",
        "https://me%40media.example/",
        "https://[::1/",
        "https://[::g]/",
        "https://[fe80::1%25eth0]/",
        "https://media.example/\ud800",
    ],
)
def test_a_url_that_could_be_read_in_two_ways_is_no_address(url: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each says something else
        WebAddress.parse(url)


@pytest.mark.parametrize(
    ("url", "origin", "host_header"),
    [
        ("https://media.example/a", "https://media.example:443", "media.example"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000", "127.0.0.1:9000"),
        ("http://[::1]/", "http://[::1]:80", "[::1]"),
    ],
)
def test_an_origin_always_names_its_port(url: str, origin: str, host_header: str) -> None:
    found = WebAddress.parse(url)
    assert (found.origin, found.host_header) == (origin, host_header)


def test_what_is_shown_of_a_link_holds_no_signature() -> None:
    link = WebAddress.parse("https://media.example/v.mp4?X-Amz-Signature=abc#x")
    assert link.shown == "https://media.example/v.mp4"
