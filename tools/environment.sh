#!/bin/sh
# Makes the project's own Python environment in .venv from a lock file, or leaves it alone when it is up to date.
# tools/environment.sh       what the archive runs on
# tools/environment.sh dev   that, the tools of the tests, and every optional part
# With uv where it is installed, otherwise with venv and pip. PYTHON=/path/to/python chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."

case ${1:-run} in
    run) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    *) printf 'usage: %s [run|dev]\n' "$0" >&2; exit 2 ;;
esac

venv=${VENV:-.venv}
stamp="$venv/.installed"

say() { printf '%s\n' "$*" >&2; }

supported() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3; do
        if supported "$candidate"; then
            command -v "$candidate"
            return
        fi
        if [ -n "${PYTHON:-}" ]; then
            say "PYTHON=$PYTHON is not a working Python 3.11, 3.12 or 3.13."
            exit 1
        fi
    done
    say "No Python 3.11, 3.12 or 3.13 was found. On Debian: apt-get install python3 python3-venv"
    exit 1
}

python=$(find_python)
# What decides whether the environment is current: the interpreter, the lock file, the package's own metadata, and where
# it lies, which stands in its scripts and in the link to the package: a copied or moved clone needs its own.
wanted="$PWD $("$python" -c 'import sys; print(sys.version)') $(cat requirements*.lock pyproject.toml tools/environment.sh | cksum)"
current=$(cat "$stamp" 2>/dev/null || true)
# The environment of the tests has all that the archive runs on.
if { [ "$current" = "$lock $wanted" ] || [ "$current" = "requirements-dev.lock $wanted" ]; } &&
    "$venv/bin/python" -c '' 2>/dev/null; then
    exit 0
fi

say "Making the environment in $venv with $python ..."
rm -rf "$venv"
if command -v uv >/dev/null 2>&1; then
    uv venv --quiet --python "$python" "$venv"
    VIRTUAL_ENV="$PWD/$venv" uv pip install --quiet --require-hashes -r "$lock"
    VIRTUAL_ENV="$PWD/$venv" uv pip install --quiet --no-deps --no-build-isolation --editable .
else
    if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
            say "This Python has no venv module; installing python$version-venv ..."
            apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "python$version-venv" >/dev/null
        elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
            say "This Python has no venv module; installing python$version-venv ..."
            sudo -n apt-get update -qq && sudo -n apt-get install -y -qq "python$version-venv" >/dev/null
        else
            say "This Python has no venv module. As root: apt-get install python$version-venv"
            exit 1
        fi
    fi
    "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
fi
printf '%s %s' "$lock" "$wanted" >"$stamp"
