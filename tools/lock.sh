#!/bin/sh
# Rewrites the lock file from pyproject.toml: every package, pinned with its hashes, for Python 3.11 to 3.13.
# Needs uv; run it with `make lock`.
set -eu
cd "$(dirname "$0")/.."
uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-annotate --custom-compile-command "make lock" --quiet \
    --output-file requirements.lock "$@"
