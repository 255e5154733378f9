"""What the checks found: by rule and year, by agency, and one by one, each leading to its cell."""

from __future__ import annotations

import sqlite3

from archive.checks.rules import rules as known_rules
from archive.site.builds import remembered
from archive.site.queries import agencies
from archive.site.queries import quality as queries
from archive.site.tables import place_of
from archive.site.views.asked import AGENCY_ID, PER_PAGE, Asked, Page, pages_of
from archive.site.words import rule_name, vocabulary

_AGENCIES = 15
SEVERITIES = ("error", "warning", "info")


def quality(db: sqlite3.Connection, asked: Asked) -> Page:
    """Findings by rule and year; those of a rule, year, agency or severity one by one."""
    agency = asked.get("agency")
    chosen = queries.Chosen(
        rule=asked.get("rule"),
        year=(asked.number("year") or 0) if asked.get("year") else None,
        agency=agency,
        severity=asked.get("severity"),
        outcome="not_run" if asked.get("outcome") == "not_run" else "failed",
    )
    counted = remembered(db, "findings-map", queries.by_rule_and_year)
    order = {severity: number for number, severity in enumerate(SEVERITIES)}
    rules = sorted({(severity, rule) for rule, severity, _ in counted}, key=lambda key: (order.get(key[0], 9), key[1]))
    pages = pages_of(asked, queries.count_findings(db, chosen))
    rows = queries.list_findings(db, chosen, limit=PER_PAGE, offset=PER_PAGE * (pages.number - 1))
    named = agencies.get_agency(db, agency) if agency and AGENCY_ID.fullmatch(agency) else None
    return Page(
        "quality.html",
        "/quality",
        {
            "chosen": chosen,
            "agency": named,
            "counted": counted,
            "rules": rules,
            "years": sorted({year for _, _, year in counted}),
            "agencies": remembered(db, "findings-agencies", lambda db: queries.by_agency(db, _AGENCIES)),
            "not_run": remembered(db, "findings-not-run", queries.not_run),
            "severities": [severity for severity in SEVERITIES if any(key[0] == severity for key in rules)],
            "known": known_rules(),
            "rule_choices": [(rule, rule_name(rule, asked.language)) for rule in known_rules()],
            "words": vocabulary(asked.language),
            "pages": pages,
            "findings": [(row, place_of(row["table"], row["row"], row["column"])) for row in rows],
        },
    )
