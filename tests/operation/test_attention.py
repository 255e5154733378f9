"""What needs a person after a build, or over several runs."""

from archive.attention import after_build

FINE = {"reports": 10, "documents": 30, "unread": 0}


def run(day: int, answered: bool, outcome: str = "attention", reports: int | None = None) -> dict:
    record = {
        "started_at": f"2026-01-{day:02}T03:00:00Z",
        "outcome": outcome,
        "portals": {"xxgk": {"host_answered": answered, "base_url": "http://xxgk/"}},
    }
    return record if reports is None else {**record, "archive": {"reports": reports}}


def codes(*arguments) -> list[str]:
    return [entry["code"] for entry in after_build(*arguments)]


def test_a_portal_silent_for_three_runs_is_named_with_the_day_it_began():
    runs = [run(1, True), run(2, False), run(3, False), run(4, False)]
    (found,) = after_build(runs[-1], runs[:-1], FINE)
    assert (found["code"], found["portal"]) == ("down-for-long", "xxgk")
    assert "2026-01-02" in found["message"]
    assert "2026-01-02" in found["message_en"]


def test_two_silent_runs_or_an_answer_between_are_nothing():
    assert codes(run(3, False), [run(1, True), run(2, False)], FINE) == []
    assert codes(run(4, False), [run(1, False), run(2, True), run(3, False)], FINE) == []


def test_a_killed_run_says_nothing_of_a_portal():
    earlier = [run(1, True), run(2, False), run(3, False, "killed"), run(4, False)]
    assert codes(run(5, False), earlier, FINE) == ["down-for-long"]
    assert codes(run(5, False), [run(2, True), run(3, False, "killed"), run(4, False)], FINE) == []


def test_a_few_unreadable_documents_are_usual_and_many_are_not():
    assert codes(run(1, True), [], {"reports": 1, "documents": 4, "unread": 4}) == []
    assert codes(run(1, True), [], {"reports": 1, "documents": 100, "unread": 20}) == []
    assert codes(run(1, True), [], {"reports": 1, "documents": 100, "unread": 21}) == ["many-unreadable"]


def test_an_archive_that_shrinks_is_named():
    earlier = [run(1, True, reports=12), run(2, True)]
    assert codes(run(3, True), earlier, FINE) == ["fewer-in-archive"]
    assert codes(run(3, True), [run(1, True, reports=10)], FINE) == []
