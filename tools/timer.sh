#!/bin/sh
# Makes the nightly run a systemd timer of the user who calls it, or takes it away again.
# tools/timer.sh install    DATA (default data/harbin) and AT (default "*-*-* 03:17:00", local time) say where and when
# tools/timer.sh remove
set -eu
cd "$(dirname "$0")/.."

name=harbin-disclosure-archive
units=${XDG_CONFIG_HOME:-$HOME/.config}/systemd/user

command -v systemctl >/dev/null 2>&1 || {
    printf 'There is no systemd here. Use cron: make install-cron\n' >&2
    exit 1
}

# In a unit file a percent sign begins a specifier, and quotes hold a path together.
escaped() { printf '%s' "$1" | sed 's/[\\"]/\\&/g; s/%/%%/g'; }

case ${1:-} in
    install)
        mkdir -p "$units" "${DATA:-data/harbin}"
        data=$(cd "${DATA:-data/harbin}" && pwd)
        cat >"$units/$name.service" <<UNIT
[Unit]
Description=Harbin disclosure archive: crawl, build, publish
After=network-online.target

[Service]
Type=oneshot
WorkingDirectory=$(escaped "$PWD")
# env: the path of a unit's own program may hold no quotes.
ExecStart=/usr/bin/env "$(escaped "$PWD")/.venv/bin/xxgk" run --data "$(escaped "$data")"
# 3: published, but something needs a person; 75: another run is under way. Neither is a failed unit.
SuccessExitStatus=3 75
# A reader of scans takes up to 1.2 GB, one a core.
MemoryMax=4G
Nice=10
UNIT
        cat >"$units/$name.timer" <<UNIT
[Unit]
Description=Harbin disclosure archive, once a night

[Timer]
OnCalendar=${AT:-*-*-* 03:17:00}
RandomizedDelaySec=15min
Persistent=true

[Install]
WantedBy=timers.target
UNIT
        systemctl --user daemon-reload
        systemctl --user enable --now "$name.timer"
        printf 'Set up. For it to run while nobody is logged in: loginctl enable-linger\n'
        printf 'The next run: systemctl --user list-timers. To take it away again: make remove-timer\n'
        ;;
    remove)
        systemctl --user disable --now "$name.timer" || true
        rm -f "$units/$name.timer" "$units/$name.service"
        systemctl --user daemon-reload
        printf 'Taken away.\n'
        ;;
    *)
        printf 'usage: %s install|remove\n' "$0" >&2
        exit 2
        ;;
esac
