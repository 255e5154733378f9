"""The operator's settings: what is said of mistakes in them."""

import pytest

from archive.configuration import Configuration, ConfigurationError, load_configuration


def test_without_a_file_the_defaults_hold(tmp_path):
    assert load_configuration(tmp_path) == Configuration()


def test_everything_an_operator_may_set_is_taken(tmp_path):
    (tmp_path / "config.toml").write_text(
        """[crawl]
contact = "archive@example.org"
[logs]
days = 30
[notify]
when = ["failed"]
repeat_days = 3
[notify.mail]
to = ["a@example.org", "b@example.org"]
server = "mail.example.org"
port = 465
security = "tls"
[notify.webhook]
url = "https://example.org/hook"
""",
        "utf-8",
    )
    found = load_configuration(tmp_path)
    assert found.crawl == {"contact": "archive@example.org"}
    assert (found.log_days, found.notify_when, found.repeat_days) == (30, ("failed",), 3)
    assert (found.mail.to, found.mail.port, found.mail.security) == (("a@example.org", "b@example.org"), 465, "tls")
    assert found.webhook.url == "https://example.org/hook"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[notfy]", "notfy"),
        ("crawl = 1", "crawl"),
        ("[notify]\nwhen = ['always']", "always"),
        ("[notify]\nrepeat_days = 'weekly'", "repeat_days"),
        ("[notify.mail]\nserver = 'x'", "lacks to"),
        ("[notify.mail]\nto = 'a@example.org'", "to is"),
        ("[notify.mail]\nto = []\nport = '25'", "port"),
        ("[notify.mail]\nto = []\nsecurity = 'ssl3'", "security"),
        ("[notify.webhook]\nurl = 'x'\npasswort = 'y'", "passwort"),
        ("[logs]\ndays = -1", "days"),
        ("[[", "config.toml"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path, text, named):
    (tmp_path / "config.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=named) as caught:
        load_configuration(tmp_path)
    assert "config.toml" in str(caught.value)
