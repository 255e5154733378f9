"""The portals rebuilt on this machine: both content systems, invented reports, and what a perfect reader makes of them.

In a test::

    with serve_replica(World(seed=3, agencies=6, years=[2022])) as server:
        ...  # server.port, server.portals_url, server.truth(), server.log, server.world
"""
