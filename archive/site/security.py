"""The headers that keep a browser from doing more than reading."""

from __future__ import annotations

# Our pages: no script at all, nothing from another host.
PAGE_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

# Our pages with charts: the same, and the scripts in static/, which are all of ours. An archived page cannot be one of
# them: it is never sent as a script, and browsers are told not to take it for one.
CHART_CSP = PAGE_CSP.replace("default-src 'none'; ", "default-src 'none'; script-src 'self'; ")

# Archived originals: shown as documents of no origin, unable to run scripts, send forms or fetch anything.
ORIGINAL_CSP = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

COMMON = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
}


def datasette_csp(nonce: str) -> str:
    """Return the policy of Datasette's own pages: its scripts run, those in the data do not."""
    return (
        f"default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
