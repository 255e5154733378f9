from datetime import UTC, datetime

from archive.runs import load_runs, new_run_id, save_run


def test_two_runs_within_a_second_have_two_identifiers_in_order(tmp_path):
    ids = []
    for _ in range(3):
        ids.append(new_run_id(tmp_path))
        save_run(tmp_path, {"id": ids[-1], "command": "crawl", "started_at": "x", "outcome": "done"})
    assert ids == sorted(set(ids))
    assert [run["id"] for run in load_runs(tmp_path)] == ids
    assert (
        abs((datetime.strptime(ids[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds()) < 10
    )
