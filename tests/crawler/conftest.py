import pytest

from tests.crawler.small_portal import SmallPortal


@pytest.fixture
def portal():
    served = SmallPortal()
    yield served
    served.close()


@pytest.fixture
def elsewhere():
    """A host off every portal, still on this machine."""
    served = SmallPortal("127.0.0.3")
    served.pages["/"] = "<html><body>off</body></html>"
    yield served
    served.close()
