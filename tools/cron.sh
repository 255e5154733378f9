#!/bin/sh
# Puts the nightly run into the crontab of the user who calls it, or takes it out again. Other lines stay as they are.
# tools/cron.sh install    DATA (default data/harbin) and AT (default "17 3 * * *", local time) say where and when
# tools/cron.sh remove
set -eu
cd "$(dirname "$0")/.."

begin="# harbin-disclosure-archive begin: $PWD"
end="# harbin-disclosure-archive end: $PWD"

command -v crontab >/dev/null 2>&1 || {
    printf 'There is no crontab here. On Debian: apt-get install cron; or use a systemd timer: make install-timer\n' >&2
    exit 1
}

# The user's crontab without our lines. `crontab -l` fails when there is none yet.
others() { crontab -l 2>/dev/null | awk -v begin="$begin" -v end="$end" '$0 == begin {ours = 1} !ours; $0 == end {ours = 0}'; }

# For sh within a crontab, where a percent sign ends the line.
quoted() { printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g; s/%/\\\\%/g")"; }

lines=$(mktemp)
trap 'rm -f "$lines"' EXIT
others >"$lines"
case ${1:-} in
    install)
        data=${DATA:-data/harbin}
        mkdir -p "$data"
        {
            printf '%s\n' "$begin"
            # What it says on stderr, cron mails to the user; the log of each run lies in DATA/logs.
            printf '%s  cd %s && .venv/bin/xxgk run --data %s >/dev/null\n' \
                "${AT:-17 3 * * *}" "$(quoted "$PWD")" "$(quoted "$data")"
            printf '%s\n' "$end"
        } >>"$lines"
        crontab "$lines"
        printf 'In the crontab of %s now:\n' "$(id -un)"
        crontab -l | awk -v begin="$begin" -v end="$end" '$0 == end {ours = 0} ours; $0 == begin {ours = 1}'
        printf 'To take it out again: make remove-cron\n'
        ;;
    remove)
        crontab "$lines"
        printf 'Taken out of the crontab of %s.\n' "$(id -un)"
        ;;
    *)
        printf 'usage: %s install|remove\n' "$0" >&2
        exit 2
        ;;
esac
