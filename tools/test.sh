#!/bin/sh
# Runs every test. Installs the system packages some tests need where it may; where it may not, runs all the rest and
# says at the end what was left out, which with CI=true is a failure.
set -u
cd "$(dirname "$0")/.."

missing=$(tools/system.sh --install)
# Without it the tests that replay captures in pywb are skipped, and say so.
tools/pywb.sh || true
# On every core; each goes through the tests in their order, so that what a file sets up is set up once or twice.
.venv/bin/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal "$@"
result=$?
if [ -n "$missing" ]; then
    printf '\nLeft out: the tests that need %s\nInstall with: sudo apt-get install %s\n' "$missing" "$missing" >&2
    [ "${CI:-}" = true ] && [ "$result" = 0 ] && result=1
fi
exit "$result"
