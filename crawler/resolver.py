"""Host names to addresses."""

from __future__ import annotations

from collections.abc import Sequence

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred, succeed


class LoopbackAwareResolver(CachingThreadedResolver):
    """Scrapy's caching resolver, except that ``localhost`` and names under it are this machine (RFC 6761, 6.3).

    The system's resolver does not always know that, and the replica portal's hosts are such names.
    """

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802 - Twisted's name
        """Return the IPv4 address of a name."""
        if name == "localhost" or name.endswith(".localhost"):
            return succeed("127.0.0.1")
        return super().getHostByName(name, timeout)
