#!/bin/sh
# Write the lock files anew from pyproject.toml: hashed, for every platform, without the address of any index.
#   tools/lock.sh              keep the locked versions where they still fit
#   tools/lock.sh --upgrade    take the newest of each
set -eu
cd "$(dirname "$0")/.."
tool=$(mktemp -d)
trap 'rm -rf "$tool"' EXIT
python3 -m venv --without-pip "$tool/venv"
python3 -m pip --python "$tool/venv/bin/python" install --quiet --quiet --disable-pip-version-check uv

lock() {
    out=$1
    shift
    "$tool/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --custom-compile-command tools/lock.sh --output-file "$out" "$@"
}

lock requirements.lock pyproject.toml "$@"
lock requirements-build.lock --group build --constraints requirements.lock "$@"
lock requirements-dev.lock pyproject.toml --group build --group dev \
    --constraints requirements.lock --constraints requirements-build.lock "$@"
