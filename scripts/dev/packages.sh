# shellcheck shell=bash
# System packages (Debian 12 or later, Ubuntu 22.04 or later).

packages_to_build=(
    build-essential ca-certificates cmake curl file nasm pkg-config python3
    libayatana-appindicator3-dev libgtk-3-dev librsvg2-dev libssl-dev libwebkit2gtk-4.1-dev libxdo-dev
)
# The S3 servers of the tests.
packages_to_serve=(ca-certificates curl openssl)
# A display without a screen, a driver for the real window, a source of real drops onto it, and networks for pods.
packages_to_test=(dbus git gnome-keyring iproute2 locales openssl xauth xclip xdotool xvfb webkit2gtk-driver python3-gi gir1.2-gtk-3.0 imagemagick)
# A browser and its driver. Ubuntu has them as snaps, which nothing else can start: where others are, those are taken.
packages_to_browse=(chromium chromium-driver)

install_browser() { command -v chromedriver >/dev/null || install_packages "${packages_to_browse[@]}"; }

# Asks dpkg first: when nothing is missing, apt is never started.
install_packages() {
    local -a missing=()
    if ! command -v dpkg-query >/dev/null; then
        say "This system has no dpkg; taking for granted that these are installed, by whatever name: $*"
        return
    fi
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    say "Installing system packages: ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq ||
        note "apt-get update complained; trying with the package lists there are"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=300 "${missing[@]}" </dev/null >"$cache/apt.log" 2>&1 || {
        tail -n 20 "$cache/apt.log" >&2
        die "system packages could not be installed (whole log: $cache/apt.log). Install them by hand and try again: ${missing[*]}"
    }
}

missing_packages() {
    local installed name
    installed=$(dpkg-query -W -f '${Package} ${db:Status-Abbrev}\n' "$@" 2>/dev/null | awk '$2 == "ii" { print $1 }' || true)
    for name in "$@"; do
        grep -qxF -- "$name" <<<"$installed" || printf '%s\n' "$name"
    done
}

as_root() {
    if [[ $(id -u) == 0 ]]; then
        "$@"
    elif ! command -v sudo >/dev/null; then
        die "installing system packages needs root, and there is no sudo. Run this as root: $*"
    elif [[ -t 0 ]]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}
