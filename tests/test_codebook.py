"""The code book: current, complete in both languages, and of one mind with the forms and the database."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from click.testing import CliRunner

from archive import codebook
from archive.cli import main
from archive.forms.fields import fields
from archive.forms.model import forms

FILE = Path(__file__).parent.parent / "docs" / "codebook.md"


def of(kind: str) -> dict[str, codebook.Item]:
    return {item.key: item for item in codebook.items() if item.kind == kind}


def test_the_file_in_the_documentation_is_current():
    made = CliRunner().invoke(main, ["codebook"])
    assert made.exit_code == 0
    assert FILE.read_text("utf-8") == made.output, "run `xxgk codebook > docs/codebook.md`"


def test_every_key_has_both_languages():
    for item in codebook.items():
        assert re.search("[一-龥]", item.zh) and re.search("[A-Za-z]{3}", item.en), item
    for form in forms():
        for table in form.tables:
            assert table.caption and table.caption_en
            for grid in table.grids:
                for entry in (*grid.rows, *grid.columns):
                    assert entry.label and entry.en, (form.id, table.key, entry.key)


def test_the_form_of_2021_has_its_two_hundred_cells_and_the_statistics_their_fifty_eight():
    official = [field for field in fields() if not field.optional]
    counts = {form: sum(field.form == form for field in official) for form in ("g2", "g3", "g4")}
    # g4: 10 + 25 x 7 + 15, g3: 6 + 6 + 6 + 2 + 2 + 23 x 7 + 15, as printed.
    assert counts == {"g2": 58, "g3": 198, "g4": 200}
    assert all(field.unit and field.law and field.type in ("count", "change", "money") for field in fields())


def test_a_refusal_is_explained_with_its_article():
    item = of("field")["requests.denied_state_secret.total"]
    assert (item.zh, item.unit, item.forms) == ("（三）不予公开 1.属于国家秘密 × 总计", "件", "g3 g4")
    assert "state secret" in item.en and item.source == "条例第十四条"


def test_columns_of_the_same_key_in_two_forms_keep_what_each_form_prints():
    found = [item for item in codebook.items() if item.key == "active_disclosure.administrative_licensing.decisions"]
    assert {item.forms: item.zh for item in found} == {
        "g3": "行政许可 × 处理决定数量",
        "g4": "行政许可 × 本年处理决定数量",
    }


def test_a_rate_is_given_with_its_formula():
    assert of("indicator")["review_correction_rate"].type == (
        "remedies.review.corrected / (remedies.review.total - remedies.review.pending)"
    )


def test_csv_and_json_say_the_same():
    run = CliRunner().invoke
    listed = json.loads(run(main, ["codebook", "--json"]).output)
    lines = list(csv.DictReader(io.StringIO(run(main, ["codebook", "--csv"]).output)))
    assert lines == listed
    assert len(listed) > 500


def test_no_kind_of_key_is_left_out():
    assert {item.kind for item in codebook.items()} == set(codebook.KINDS)
    text = FILE.read_text("utf-8")
    for kind in ("state", "status", "indicator", "reason", "rule", "coverage", "table", "view", "section", "form"):
        for key in of(kind):
            assert f"`{key}`" in text, (kind, key)
