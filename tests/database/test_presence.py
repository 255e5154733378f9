"""Pages taken away, and put back."""

from types import SimpleNamespace

from archive.database.presence import absences

URL = "http://www.harbin.localhost/c01_1.shtml"


def served(*answers: int | tuple[int, str]) -> dict[str, str]:
    captures = []
    for day, answer in enumerate(answers, 1):
        status, state = answer if isinstance(answer, tuple) else (answer, None)
        facts = {"state": state} if state else {}
        captures.append(
            SimpleNamespace(url=URL, method="GET", status=status, fetched_at=f"2026-01-{day:02}", facts=facts)
        )
    return absences(captures)


def test_a_page_is_gone_from_the_first_time_it_was_missed():
    assert served(200, 304, 404, 404, 410) == {URL: "2026-01-03"}


def test_a_page_put_back_is_there_and_may_go_again():
    assert served(200, 404, 200) == {}
    assert served(200, 404, 304, 410) == {URL: "2026-01-04"}


def test_a_page_never_had_is_not_gone():
    assert served(404, 404) == {}


def test_a_server_in_trouble_or_a_bot_check_says_nothing():
    assert served(200, 503, 500) == {}
    assert served(200, 404, (200, "challenge-page")) == {URL: "2026-01-02"}
    assert served(200, (404, "challenge-page")) == {}


def test_a_page_that_says_there_is_none_or_leads_elsewhere_for_good_is_gone():
    assert served(200, (200, "missing")) == {URL: "2026-01-02"}
    assert served(200, 301) == {URL: "2026-01-02"}
    assert served(200, 302) == {}
