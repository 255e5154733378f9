"""From readings to the rows of the archive: which captures are which report, and which of them speaks for it.

Pure: no files, no clock. The same readings give the same rows.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from archive.agencies.registry import Agency, Registry, registry
from archive.captures import Capture
from archive.database.between import check_archive
from archive.database.combining import RANK, Part, combine
from archive.database.readings import Reading

Row = dict[str, object]
Rows = dict[str, list[Row]]

# What is fetched within this time of a page is what the page had then. In hours.
_SAME_VISIT = 24
# The portal of today before the one it replaced, which may vanish any day.
_SYSTEMS = {"ucap": 0, "hanweb": 1}
_NAMELESS = "有年报的内容，但看不出机构或年度，请核对原文"


@dataclass
class _Source:
    """One address of one report, with its readings in the order of capture."""

    url: str
    own_site: bool
    imported: bool = False
    gone_since: str | None = None
    readings: list[Reading] = field(default_factory=list)

    @property
    def timeline(self) -> list[tuple[str, Reading]]:
        """When the portal served what, oldest first; a page served again as it was before comes again.

        Answers that were cut short or damaged on the way are left out, unless there was nothing else.
        """
        served = [(time, number, reading) for number, reading in enumerate(self.readings) for time in reading.seen]
        served = [(time, reading) for time, _, reading in sorted(served, key=lambda entry: entry[:2])]
        whole = [(time, reading) for time, reading in served if not reading.capture.facts.get("state")]
        return whole or served

    @property
    def newest(self) -> Reading:
        """What the portal served last."""
        return self.timeline[-1][1]

    @property
    def place(self) -> tuple:
        """Where it stands on its page: the page itself first, then its files in the page's order."""
        facts = self.newest.capture.facts
        return facts.get("role") == "attachment", facts.get("position") or 0, self.url

    @property
    def name(self) -> str | None:
        """What an attachment is called; None for a page."""
        facts = self.newest.capture.facts
        return (facts.get("name") or self.url.rsplit("/", 1)[-1]) if facts.get("role") == "attachment" else None

    def reading_at(self, time: str) -> Reading | None:
        """What the portal served at that time: what it last had before, or what it had soon after."""
        before = [reading for served, reading in self.timeline if served <= time]
        soon = [reading for served, reading in self.timeline if served <= _later(time, _SAME_VISIT)]
        return before[-1] if before else next(iter(soon), None)

    @property
    def page(self) -> str:
        """The page a reader opens: for an attachment the one that carries it."""
        return self.newest.capture.facts.get("parent") or self.url

    @property
    def rank(self) -> tuple:
        """What speaks for the report comes first.

        What the portal served us before what others saved; the best read; what is still there; a page before its
        attachment; today's portal; the body's own site before the city's copy.
        """
        facts = self.newest.capture.facts
        attached = facts.get("role") == "attachment"
        return (
            self.imported,
            RANK[self.newest.line["status"]],
            self.gone_since is not None,
            attached,
            _SYSTEMS.get(facts.get("cms"), 2),
            not self.own_site,
            self.url,
        )


def assemble(readings: Iterable[Reading], others: Iterable[Capture], gone: Mapping[str, str] | None = None) -> Rows:
    """Return the rows of every table but ``runs``.

    ``readings`` are the captured pages and attachments, oldest first; ``others`` the captures that were not read
    (listings, error answers); ``gone`` the addresses no longer there, each with since when (`presence.absences`).
    The same report under two addresses, or on a page and in its attachment (its agency and year the same), is one
    report: one of them speaks for it (`_Source.rank`), the others are duplicates.
    """
    rows: Rows = defaultdict(list)
    agencies: dict[str, Agency] = {}
    sources: dict[str, dict[str, _Source]] = defaultdict(dict)
    outcomes: dict[str, tuple[str, str | None, str | None]] = {}
    by_page: dict[str, str] = {}
    readings = sorted(readings, key=lambda reading: reading.capture.facts.get("role") == "attachment")
    for reading in readings:
        capture, line = reading.capture, reading.line
        parent = by_page.get(capture.facts.get("parent") or "")
        if capture.facts.get("role") == "attachment" and line["status"] in ("unreadable", "not_a_report"):
            outcomes[capture.id] = ("not_read", line.get("error"), parent)
            continue
        agency, reason = _publisher(line, capture, registry())
        report_id = f"{agency.id}-{line['report']['year']}" if agency else _parents(line, parent, reason)
        if report_id is None:
            outcomes[capture.id] = (_no_report(line), reason or _NAMELESS, None)
            continue
        if agency is not None:
            agencies[agency.id] = agency
        if not capture.imported:
            by_page.setdefault(capture.url, report_id)
        own_site = agency is not None and capture.facts.get("district") == agency.district
        source = sources[report_id].setdefault(capture.request_key, _Source(capture.url, own_site, capture.imported))
        source.readings.append(reading)
        outcomes[capture.id] = ("report", line.get("error"), report_id)
    for source in (each for found in sources.values() for each in found.values() if not each.imported):
        source.gone_since = (gone or {}).get(source.page)
    for report_id in sorted(sources):
        _add_report(rows, report_id, list(sources[report_id].values()), outcomes)
    check_archive(rows, agencies)
    for agency in sorted(agencies.values(), key=lambda entry: entry.id):
        rows["agencies"].append({name: getattr(agency, name) for name in ("id", "name", "office", "district", "level")})
    for capture in others:
        rows["captures"].append(_capture_row(capture, *_outcome(capture, by_page)))
    placed = {row["id"] for row in rows["captures"]}
    for reading in readings:
        if reading.capture.id not in placed:
            rows["captures"].append(_capture_row(reading.capture, *outcomes[reading.capture.id]))
    rows["captures"].sort(key=lambda row: (row["fetched_at"], row["warc_file"], row["warc_offset"]))
    return rows


def _no_report(line: dict) -> str:
    """What a reading is that gives no report: one of another place is none of ours, one without a name is unread."""
    named = (line.get("report") or {}).get("agency") and line["report"].get("year")
    return "unreadable" if line["status"] != "not_a_report" and not named else "not_a_report"


def _parents(line: dict, parent: str | None, reason: str | None) -> str | None:
    """Return the report of the page an attachment hangs on, when the attachment could be it.

    It could when it is a report that names no body, and no other year than the page's.
    """
    report = line.get("report") or {}
    if parent is None or reason or report.get("agency") or line["status"] not in ("complete", "partial", "narrative"):
        return None
    year = report.get("year")
    return parent if year is None or str(year) == parent.rsplit("-", 1)[1] else None


def _publisher(line: dict, capture: Capture, known: Registry) -> tuple[Agency | None, str | None]:
    """Return the agency whose report a reading is; or None, and why where it cannot be one of Harbin's at all."""
    report = line.get("report") or {}
    if line["status"] == "not_a_report":
        return None, line.get("error")
    if not report.get("agency") or not report.get("year"):
        return None, line.get("error")
    elsewhere = known.elsewhere(report["agency"])
    if elsewhere:
        return None, f"「{elsewhere}」的报告，不属于哈尔滨：可能是转载，请核对列表"
    return known.resolve(report["agency"], district=capture.facts.get("district")), None


def _add_report(
    rows: Rows,
    report_id: str,
    sources: list[_Source],
    outcomes: Mapping[str, tuple[str, str | None, str | None]],
) -> None:
    sources.sort(key=lambda source: source.rank)
    primary = sources[0]
    files = [source for source in sources if (source.page, source.imported) == (primary.page, primary.imported)]
    files.sort(key=lambda source: source.place)
    timeline = [*_before(primary, sources), *_timeline(primary, files)]
    newest = primary.newest
    _, _, line, speaking = timeline[-1]
    report = line["report"]
    # An attachment may hold the tables alone: then the page says what they are.
    named = next(source.newest.line["report"] for source in sources if source.newest.line["report"]["agency"])
    period = report["period"] or named["period"] or (None, None)
    times = [time for source in sources for reading in source.readings for time in reading.seen]
    agency_id, year = report_id.rsplit("-", 1)
    rows["reports"].append(
        {
            "id": report_id,
            "agency_id": agency_id,
            "year": int(year),
            "form": report["form"],
            "title": (report if report["agency"] else named)["title"],
            "agency_in_title": named["agency"],
            "agency_in_text": report.get("agency_in_text") or named.get("agency_in_text"),
            "published_on": report["published_on"] or named["published_on"] or _first_date(sources),
            "period_start": period[0],
            "period_end": period[1],
            "url": primary.page,
            "status": line["status"],
            "status_reason": line.get("error") or "；".join(line["notes"]) or None,
            **{f"contact_{name}": value for name, value in (report["contact"] or {}).items()},
            "portal": newest.capture.facts.get("portal"),
            "index_number": report.get("index_number") or named.get("index_number"),
            "replica": int(any(_is_replica(reading.capture) for source in sources for reading in source.readings)),
            "first_seen": min(times),
            "last_seen": max(times),
            "gone_since": _gone_since(sources),
        }
    )
    _add_content(rows, report_id, line)
    _add_versions(rows, report_id, timeline)
    for source in sources:
        for reading in source.readings:
            outcome, reason, _ = outcomes[reading.capture.id]
            if source is not primary and (source.imported != primary.imported or source.url not in speaking):
                outcome, reason = "duplicate", f"与 {primary.url} 是同一份报告"
            rows["captures"].append(_capture_row(reading.capture, outcome, reason, report_id))


def _first_date(sources: Sequence[_Source]) -> str | None:
    """Return the date the first of the sources shows: an attachment shows none, the page that carries it does."""
    return next(filter(None, (source.newest.line["report"]["published_on"] for source in sources)), None)


def _gone_since(sources: Sequence[_Source]) -> str | None:
    """Return when the last of a report's addresses was found missing, None while one of them is there."""
    times = [source.gone_since for source in sources if not source.imported]
    return None if not times or None in times else max(times)


def _before(primary: _Source, sources: Sequence[_Source]) -> list[tuple[str, Reading, dict, frozenset[str]]]:
    """What a report that moved said at addresses that were gone before it was first seen where it is now."""
    began = primary.timeline[0][0]
    moved = [source for source in sources if source.gone_since and source.url != primary.url and not source.imported]
    left = [source for source in moved if source.timeline[-1][0] < began and source.name is None]
    entries = [(time, reading) for source in left for time, reading in source.timeline]
    return [
        (time, reading, reading.line, frozenset([reading.capture.url]))
        for time, reading in sorted(entries, key=lambda entry: entry[0])
    ]


def _timeline(primary: _Source, files: Sequence[_Source]) -> list[tuple[str, Reading, dict, frozenset[str]]]:
    """What the report said when, oldest first: the time, the reading that speaks, the line, the files it is of."""
    if len(files) == 1:
        return [(time, reading, reading.line, frozenset([primary.url])) for time, reading in primary.timeline]
    found = []
    for time in sorted({time for source in files for time, _ in source.timeline}):
        there = [(source, reading) for source in files if (reading := source.reading_at(time))]
        combined = combine([Part(source.name, reading.line) for source, reading in there])
        speaking = [there[number] for number in combined.parts]
        reading = next((reading for source, reading in speaking if source is primary), speaking[0][1])
        found.append((time, reading, combined.line, frozenset(source.url for source, _ in speaking)))
    return found


def _later(time: str, hours: int) -> str:
    return (datetime.fromisoformat(time) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add_content(rows: Rows, report_id: str, line: dict) -> None:
    for position, section in enumerate(line["sections"], 1):
        rows["sections"].append({"report_id": report_id, "position": position, **section})
    rows["cells"] += [{"report_id": report_id, **cell} for cell in line["cells"]]
    rows["findings"] += [{"report_id": report_id, **finding} for finding in line["findings"]]
    for position, statement in enumerate(line["statements"], 1):
        rows["statements"].append({"report_id": report_id, "position": position, **statement})
    for position, note in enumerate(line["notes"], 1):
        rows["notes"].append({"report_id": report_id, "position": position, "text": note})


def _add_versions(rows: Rows, report_id: str, timeline: Sequence[tuple[str, Reading, dict, frozenset[str]]]) -> None:
    """One version for each change of what the report says; the page around it may change as it likes.

    What the versions before the current one said is kept with them, to be compared.
    """
    versions: list[Row] = []
    said: list[dict] = []
    for time, reading, line, _ in timeline:
        digest = content_digest(line)
        if versions and versions[-1]["content_sha256"] == digest:
            versions[-1]["last_seen"] = time
            continue
        number = len(versions) + 1
        said.append(line)
        versions.append(
            {
                "id": f"{report_id}@{number}",
                "report_id": report_id,
                "number": number,
                "capture_id": reading.capture.id,
                "content_sha256": digest,
                "reader": line["source"]["reader"] or "",
                "title": line["report"]["title"] or "",
                "first_seen": time,
                "last_seen": time,
            }
        )
    rows["versions"] += versions
    for version, line in zip(versions[:-1], said, strict=False):
        for position, section in enumerate(line["sections"], 1):
            rows["version_sections"].append({"version_id": version["id"], "position": position, **section})
        rows["version_cells"] += [{"version_id": version["id"], **cell} for cell in line["cells"]]


def content_digest(line: dict) -> str:
    """Return the SHA-256 of what a report says: title, text and the cells as printed; nothing of the page around it."""
    said = [
        line["report"]["title"],
        [[section["heading"], section["text"]] for section in line["sections"]],
        [[cell["table"], cell["row"], cell["column"], cell["raw"]] for cell in line["cells"]],
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def _outcome(capture: Capture, by_page: Mapping[str, str]) -> tuple[str, str | None, str | None]:
    report_id = by_page.get(capture.facts.get("parent") or "")
    if capture.status >= 400:
        return "error", f"服务器答复 {capture.status}：列表中有而取不到，下次抓取时会再试", report_id
    return "not_read", None, report_id


def _capture_row(capture: Capture, outcome: str, reason: str | None, report_id: str | None) -> Row:
    return {
        "id": capture.id,
        "url": capture.url,
        "method": capture.method,
        "status": capture.status,
        "fetched_at": capture.fetched_at,
        "portal": capture.facts.get("portal"),
        "role": capture.facts.get("role") or "other",
        "parent_url": capture.facts.get("parent"),
        "media_type": capture.media_type,
        "bytes": capture.bytes,
        "sha256": capture.sha256,
        "warc_file": capture.warc_file,
        "warc_offset": capture.warc_offset,
        "report_id": report_id,
        "outcome": outcome,
        "reason": reason,
        "origin": capture.facts.get("origin"),
        "replica": int(_is_replica(capture)),
    }


def _is_replica(capture: Capture) -> bool:
    return bool(capture.facts.get("replica"))
