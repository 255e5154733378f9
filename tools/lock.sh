#!/bin/sh
# Rewrites the lock files from pyproject.toml: every package, pinned with its hashes, for Python 3.11 to 3.13.
# requirements.lock is what the archive runs on; requirements-dev.lock is that and all extras, in the same versions.
# Needs uv; run it with `make lock`.
set -eu
cd "$(dirname "$0")/.."

compile() {
    # setuptools builds the project itself.
    echo "setuptools>=80" | uv pip compile pyproject.toml - --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-annotate --custom-compile-command "make lock" --quiet "$@"
}

compile --output-file requirements.lock "$@"
compile --all-extras --constraint requirements.lock --output-file requirements-dev.lock "$@"
