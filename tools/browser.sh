#!/bin/sh
# Print the Chromium that the page tests shall drive, or nothing where there is none (under CI that is an error).
# On Debian, root gets it installed, with a font for Chinese and a library that Playwright's driver wants.
set -eu

find_browser() {
    if [ -n "${FONG_CHROMIUM:-}" ]; then
        echo "$FONG_CHROMIUM"
        return
    fi
    for name in chromium-headless-shell chromium chromium-browser google-chrome; do
        command -v "$name" && return
    done
    mac="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
    if [ -x "$mac" ]; then echo "$mac"; fi
}

missing() {
    [ -n "$(find_browser)" ] || echo chromium-headless-shell
    for package in fonts-noto-cjk libatomic1; do
        dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -q '^installed$' ||
            echo "$package"
    done
}

install_missing() {
    wanted=$(missing)
    [ -n "$wanted" ] || return 0
    echo "$wanted" | sed 's/^/Installing /' >&2
    export DEBIAN_FRONTEND=noninteractive
    # The list of packages is old or absent on a fresh machine: one more try with a new one.
    # shellcheck disable=SC2086 # a list of packages
    apt-get install -qq -y --no-install-recommends $wanted >/dev/null 2>&1 || {
        apt-get update -qq >&2
        apt-get install -qq -y --no-install-recommends $wanted >/dev/null
    }
}

if [ "$(id -u)" = 0 ] && command -v dpkg-query >/dev/null && grep -qs '^ID=debian$' /etc/os-release; then
    install_missing || echo "apt-get could not install a browser" >&2
fi

browser=$(find_browser)
if [ -z "$browser" ] && [ "${CI:-}" = true ]; then
    echo "no Chromium found, and under CI no level may be skipped" >&2
    exit 1
fi
echo "$browser"
