from archive.captures import Capture
from archive.database.order import in_order


def capture(warc_file: str, offset: int, time: str, portal: str | None = "xxgk") -> Capture:
    name = f"{warc_file}@{offset}"
    return Capture(
        id=name, request_key=name, url="http://a/", method="GET", status=200, fetched_at=time, payload_digest="",
        sha256="", media_type="text/html", bytes=1, warc_file=warc_file, warc_offset=offset, body_id=name, etag=None,
        last_modified=None, facts={"portal": portal} if portal else {},
    )  # fmt: skip


def test_times_that_went_back_do_not_change_the_order_of_crawls():
    ahead, back, later = (
        capture("20300101T000000Z-00001.warc.gz", 5, "2030-01-01T00:00:09Z"),
        capture("20300101T000010Z-00001.warc.gz", 5, "2026-01-01T00:00:00Z"),
        capture("20300101T000010Z-00001.warc.gz", 99, "2026-01-01T00:00:01Z"),
    )
    found = in_order([later, back, ahead])
    assert [each.id for each in found] == [ahead.id, back.id, later.id]
    assert [each.fetched_at[11:] for each in found] == ["00:00:09Z", "00:00:10Z", "00:00:11Z"]
    assert {each.fetched_at[:10] for each in found} == {"2030-01-01"}


def test_times_that_go_forward_are_left_alone_and_imports_stand_where_their_time_puts_them():
    first = capture("20260101T000000Z-00001.warc.gz", 5, "2026-01-01T00:00:00Z")
    second = capture("20260201T000000Z-00001.warc.gz", 5, "2026-02-01T00:00:00Z")
    old = capture("20260301T000000Z-00001.warc.gz", 5, "2019-05-05T00:00:00Z", portal=None)
    assert in_order([second, old, first]) == [old, first, second]
