"""The command that prints the code book."""

from __future__ import annotations

import click

from archive.codebook import as_csv, as_json, as_markdown


@click.command()
@click.option("--json", "form", flag_value="json", help="As JSON: a list with one object a key.")
@click.option("--csv", "form", flag_value="csv", help="As CSV: one line a key.")
def codebook(form: str | None) -> None:
    """Print the code book: what every key of the archive means, as Markdown.

    Made from the data the program runs on: the fields of every form with their labels, meaning, unit and law, the
    states, the rules, the rates, the tables and columns of archive.db. Needs no database.
    """
    made = {"json": as_json, "csv": as_csv}.get(form or "", as_markdown)
    click.echo(made(), nl=False)
