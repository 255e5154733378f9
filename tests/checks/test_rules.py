"""Every rule that a finding can name is explained, in both languages, with its source."""

from __future__ import annotations

import re
from pathlib import Path

import archive.checks
from archive.checks.rules import rules


def test_every_rule_the_checks_know_is_explained():
    sources = [path.read_text("utf-8") for path in Path(archive.checks.__file__).parent.glob("*.py")]
    named = {rule for source in sources for rule in re.findall(r'"((?:T\d|TXT|STAT|PAGE)-[A-Z0-9-]+)"', source)}
    assert {"T3-BAL", "T4-SUM", "T2-STOCK", "STAT-SUM"} <= named
    assert named <= set(rules())
    # And none is explained that nothing checks; pages are compared where they are put together.
    assert all(any(f'"{rule}"' in source for source in sources) for rule in rules() if rule != "PAGE-FILE")


def test_every_rule_says_what_where_from_and_how_grave():
    for rule in rules().values():
        assert rule.severity in ("error", "warning", "info") and rule.scope in ("report", "years", "page", "archive")
        assert all((rule.name, rule.name_en, rule.zh, rule.en, rule.source)), rule.id
        assert bool(rule.exceptions_zh) == bool(rule.exceptions_en), rule.id
    assert {"T3-SUB", "TXT-REQ", "TXT-ZERO", "TXT-T4", "TXT-FEE", "DEADLINE", "PAGE-FILE", "T2-DISC", "COPY"} <= set(
        rules()
    )
