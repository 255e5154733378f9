from __future__ import annotations

from collections.abc import Iterator

import pytest

from crawler.replica.server import ReplicaServer, serve_replica
from crawler.replica.world import World
from tests.replica.client import Client


@pytest.fixture(scope="session")
def server() -> Iterator[ReplicaServer]:
    """A world no test changes."""
    with serve_replica(World(seed=11, agencies=30, years=[2021, 2022, 2023])) as running:
        yield running


@pytest.fixture(scope="session")
def client(server: ReplicaServer) -> Client:
    return Client(server)


@pytest.fixture(scope="session")
def truth(server: ReplicaServer) -> list[dict]:
    return server.truth()
