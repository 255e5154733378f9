"""What the tests of the site share: the sample archive, and a reader of its pages."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from bs4 import BeautifulSoup

from archive.site.app import Site, make_app
from tests.site import sample


@dataclass
class Reader:
    """Asks the site for pages, in the way its server does."""

    site: Site

    def get(self, address: str, **options) -> httpx.Response:
        return asyncio.run(self.site.client.get(address, **options))

    def page(self, address: str, status: int = 200) -> BeautifulSoup:
        answer = self.get(address)
        assert answer.status_code == status, answer.text
        return BeautifulSoup(answer.text, "lxml")


@pytest.fixture(scope="session")
def archive(tmp_path_factory) -> Path:
    """The folder of the sample archive. Tests that change it take ``own_archive``."""
    data = tmp_path_factory.mktemp("archive")
    sample.publish(data, "archive-1.db", sample.sample_rows(sample.write_captures(data / "captures")))
    return data


@pytest.fixture
def own_archive(tmp_path) -> Path:
    """A sample archive of the test's own."""
    sample.publish(tmp_path, "archive-1.db", sample.sample_rows(sample.write_captures(tmp_path / "captures")))
    return tmp_path


@pytest.fixture(scope="session")
def reader(archive) -> Reader:
    return Reader(make_app(archive))


@pytest.fixture
def captures(archive) -> dict[str, str]:
    """The ids of the sample's captures by their keys."""
    import sqlite3

    by_url = {url: key for key, url, *_ in sample.SERVED}
    with sqlite3.connect(archive / "archive.db") as db:
        return {by_url[url]: capture_id for capture_id, url in db.execute("SELECT id, url FROM captures")}
