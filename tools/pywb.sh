#!/bin/sh
# Makes the environment in .venv-pywb in which the tests replay captures with pywb, or leaves it alone when it is up to
# date. Python 3.11 or 3.12: pywb does not run on newer ones. PYTHON=/path/to/python chooses the interpreter.
# tools/pywb.sh           make it
# tools/pywb.sh --lock    rewrite tests/pywb/requirements.lock (needs uv)
set -eu
cd "$(dirname "$0")/.."

lock=tests/pywb/requirements.lock
venv=.venv-pywb

if [ "${1:-}" = --lock ]; then
    exec uv pip compile tests/pywb/requirements.in --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-annotate --custom-compile-command "tools/pywb.sh --lock" --upgrade --quiet \
        --output-file "$lock"
fi

supported() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 12))' 2>/dev/null; }

python=
for candidate in ${PYTHON:-} python3.12 python3.11 .venv/bin/python python3; do
    if supported "$candidate"; then
        python=$(command -v "$candidate")
        break
    fi
done
if [ -z "$python" ]; then
    printf 'pywb needs Python 3.11 or 3.12; none was found. The tests of replay are left out.\n' >&2
    exit 1
fi

wanted="$PWD $("$python" -c 'import sys; print(sys.version)') $(cksum <"$lock")"
if [ "$(cat "$venv/.installed" 2>/dev/null || true)" = "$wanted" ] && "$venv/bin/python" -c '' 2>/dev/null; then
    exit 0
fi

printf 'Making the environment in %s with %s ...\n' "$venv" "$python" >&2
rm -rf "$venv"
if command -v uv >/dev/null 2>&1; then
    uv venv --quiet --python "$python" "$venv"
    VIRTUAL_ENV="$PWD/$venv" uv pip install --quiet --require-hashes -r "$lock"
else
    "$python" -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"
fi
printf '%s' "$wanted" >"$venv/.installed"
