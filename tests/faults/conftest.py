"""Long tests are marked ``soak`` and run only when asked for: ``pytest tests/faults -m soak``."""

import pytest


def pytest_configure(config):
    config.addinivalue_line("markers", "soak: takes minutes; run with -m soak")


def pytest_collection_modifyitems(config, items):
    if "soak" not in config.getoption("-m"):
        for item in items:
            if item.get_closest_marker("soak"):
                item.add_marker(pytest.mark.skip(reason="takes minutes: run with -m soak"))
