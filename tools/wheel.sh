#!/bin/sh
# Build the wheel into dist/, install it into an empty environment with nothing but its locked runtime packages, run it.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

rm -rf dist
.venv/bin/python -m build --wheel --no-isolation --outdir dist . >"$tmp/build.log" 2>&1 || {
    cat "$tmp/build.log" >&2
    exit 1
}
wheel=$(echo "$root"/dist/fong-*.whl)
echo "built ${wheel##*/}"

python3 -m venv --without-pip "$tmp/venv"
pip="python3 -m pip --python $tmp/venv/bin/python --disable-pip-version-check --no-input"
$pip install --quiet --quiet --require-hashes --only-binary :all: --requirement requirements.lock
$pip install --quiet --quiet --no-deps --no-index "$wheel"
$pip check

# Elsewhere, so that nothing of the checkout is found; with a cache of its own, so that it compiles as for a new user.
cd "$tmp"
export XDG_CACHE_HOME="$tmp/cache"
"$tmp/venv/bin/python" -c 'import fong; [getattr(fong, name) for name in fong.__all__]; print("fong", fong.__version__)'
if [ -d "$root/src/fong/cli" ] && [ -f "$root/src/fong/cli/__init__.py" ]; then
    "$tmp/venv/bin/fong" --help >/dev/null
    "$tmp/venv/bin/fong" demo --no-open </dev/null
fi
echo "the wheel works in an empty environment"
