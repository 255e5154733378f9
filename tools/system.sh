#!/bin/sh
# Prints the Debian packages that tests need and this machine lacks, one line. With --install, installs them
# first where that needs no password: as root, or with sudo that asks for none.
set -eu

missing() {
    command -v chromium >/dev/null 2>&1 || printf 'chromium '
    # Without a Chinese font the pages show boxes.
    ls /usr/share/fonts/opentype/noto/NotoSansCJK* >/dev/null 2>&1 || printf 'fonts-noto-cjk '
    # Reads DOC, WPS, RTF and ODT; and RAR.
    command -v soffice >/dev/null 2>&1 || printf 'libreoffice-writer-nogui '
    command -v bsdtar >/dev/null 2>&1 || printf 'libarchive-tools '
}

if [ "${1:-}" = --install ] && [ -n "$(missing)" ] && command -v apt-get >/dev/null 2>&1; then
    root=
    [ "$(id -u)" = 0 ] || root="sudo -n"
    if [ -z "$root" ] || { command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; }; then
        printf 'Installing %s...\n' "$(missing)" >&2
        $root apt-get update -qq >/dev/null 2>&1 || true
        # shellcheck disable=SC2046
        $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(missing) >/dev/null 2>&1 || true
    fi
fi
missing
