import pytest

from crawler.errors import PortalsError
from crawler.portals import host_of, is_loopback, load_portals, parse_portals

GOOD = """
[[portals]]
id = "a"
name = "甲"
cms = "ucap"
base_url = "https://www.harbin.gov.cn/"
hosts = ["www.harbin.gov.cn"]
site = "haerbin"
[[portals.channels]]
code = "c1"
"""


def test_the_real_portals_load_and_say_why_some_are_off():
    portals = load_portals()
    assert {"xxgk", "harbin", "mulan"} <= {portal.id for portal in portals.choose(())}
    assert all(portal.reason for portal in portals.portals if not portal.enabled)
    assert not any(portal.replica for portal in portals.portals)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('id = "a"', 'id = "A b"'), "id must be"),
        (('cms = "ucap"', 'cms = "jcms"'), "cms must be one of hanweb, ucap"),
        (('hosts = ["www.harbin.gov.cn"]', 'hosts = "www.harbin.gov.cn"'), "hosts must be a list"),
        (('hosts = ["www.harbin.gov.cn"]', 'hosts = ["WWW.harbin.gov.cn"]'), "small letters"),
        (('hosts = ["www.harbin.gov.cn"]', 'hosts = ["http://www.harbin.gov.cn/"]'), "must be a host"),
        (("https://www.harbin.gov.cn/", "https://harbin.gov.cn/"), "base_url"),
        (("https://www.harbin.gov.cn/", "ftp://www.harbin.gov.cn/"), "base_url"),
        (('site = "haerbin"', ""), "site is missing"),
        (('site = "haerbin"', "site = 5"), "site must be text in quotes"),
        (('site = "haerbin"', 'site = "x"\nreplica = true'), "a replica must be on this machine"),
        (('site = "haerbin"', 'site = "x"\nenabled = false'), "reason must say why"),
        (('code = "c1"', 'code = "c1/x"'), "channels number 1: code"),
        (('[[portals.channels]]\ncode = "c1"', ""), "channels"),
    ],
)
def test_errors_name_file_portal_and_key(change, says):
    with pytest.raises(PortalsError, match=says) as raised:
        parse_portals(GOOD.replace(*change).encode(), "my.toml")
    assert str(raised.value).startswith("my.toml: portal")


@pytest.mark.parametrize(
    "text", ["", "[crawl]\ndelay_seconds = -1\n" + GOOD, "x = [", GOOD + GOOD, '[crawl]\nretries = "2"\n' + GOOD]
)
def test_unusable_files_are_refused(text):
    with pytest.raises(PortalsError, match=r"my\.toml"):
        parse_portals(text.encode(), "my.toml")


def test_an_unknown_portal_is_answered_with_the_known_ones():
    with pytest.raises(PortalsError, match="it has: a"):
        parse_portals(GOOD.encode(), "my.toml").choose(("b",))


def test_a_portal_that_is_off_is_not_crawled_by_name():
    with pytest.raises(PortalsError, match=r"switched off .*not known"):
        load_portals().choose(("ngqxxgk",))


def test_unknown_keys_are_ignored_with_a_warning(caplog):
    parse_portals(GOOD.replace('site = "haerbin"', 'site = "haerbin"\ncolour = "red"').encode(), "my.toml")
    assert "'colour' is not known" in caplog.text


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://www.harbin.gov.cn/a", "www.harbin.gov.cn"),
        ("http://WWW.harbin.gov.cn:80/a", "www.harbin.gov.cn"),
        ("https://www.harbin.gov.cn:80/a", "www.harbin.gov.cn:80"),
        ("http://www.harbin.localhost:8642/", "www.harbin.localhost:8642"),
        ("http://user@127.0.0.1:1/", "127.0.0.1:1"),
        ("http://[::1]:8/", "[::1]:8"),
        ("file:///etc/passwd", None),
        ("http://a:x/", None),
        ("//a/", None),
    ],
)
def test_hosts_are_compared_with_their_ports(url, host):
    assert host_of(url) == host


def test_a_portal_owns_its_hosts_only():
    portal = parse_portals(GOOD.encode(), "my.toml").portals[0]
    assert portal.owns("http://www.harbin.gov.cn/x")
    assert not portal.owns("http://sub.www.harbin.gov.cn/x")
    assert not portal.owns("http://www.harbin.gov.cn.evil.example/x")
    assert not portal.owns("http://www.harbin.gov.cn:8080/x")
    assert portal.canonical("http://www.harbin.gov.cn/x#top") == "https://www.harbin.gov.cn/x"


@pytest.mark.parametrize(("host", "is_it"), [("localhost", True), ("a.b.localhost:80", True), ("127.0.0.9:1", True),
    ("[::1]:3", True), ("localhost.example", False), ("10.0.0.1", False)])  # fmt: skip
def test_loopback_hosts(host, is_it):
    assert is_loopback(host) is is_it
