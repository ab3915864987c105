#!/bin/sh
# Make .venv from a lock file and install Fong into it, editable; nothing to do when that lock is installed already.
#   tools/setup.sh run    what Fong needs to run
#   tools/setup.sh dev    that, and what its tests need
# `python3 -m venv` alone fails on Debian and Ubuntu, which split its pip off: so the venv is made without pip, and the
# pip outside installs into it.
set -eu
cd "$(dirname "$0")/.."
level=${1:-dev}
venv=.venv
python=$venv/bin/python
outer=${PYTHON:-python3}

case $level in
    run) locks="requirements.lock requirements-build.lock" ;;
    dev) locks="requirements-dev.lock" ;;
    *) echo "usage: tools/setup.sh run|dev" >&2; exit 2 ;;
esac

# The folder is in the stamp too: a venv that was moved is a broken one. So is what pyproject.toml says before its tools.
stamp_of() {
    { pwd; cat "$@"; sed '/^\[tool\./,$d' pyproject.toml; } |
        "$outer" -c 'import hashlib, sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'
}

# An installed dev lock serves `run` as well.
dev_stamp=$(stamp_of requirements-dev.lock)
# shellcheck disable=SC2086 # a list of files
run_stamp=$(stamp_of requirements.lock requirements-build.lock)
have=$(cat "$venv/fong-setup" 2>/dev/null || true)
if [ -x "$python" ] && "$python" -c "" 2>/dev/null; then
    [ "$have" = "$dev_stamp" ] && exit 0
    [ "$level" = run ] && [ "$have" = "$run_stamp" ] && exit 0
else
    rm -rf "$venv"
fi

"$outer" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Fong needs Python 3.11 or newer; $outer is $("$outer" --version 2>&1)." >&2
    exit 1
}
"$outer" -m pip --version >/dev/null 2>&1 || {
    echo "Fong needs pip: on Debian and Ubuntu, apt-get install python3-pip." >&2
    exit 1
}
[ -x "$python" ] || "$outer" -m venv --without-pip "$venv"
rm -f "$venv/fong-setup"

# shellcheck disable=SC2086 # a list of files
requirements=$(printf -- '--requirement %s ' $locks)
echo "Setting up .venv ($level): this takes a minute, once ..."
pip="$outer -m pip --python $python --disable-pip-version-check --no-input"
# shellcheck disable=SC2086 # words
$pip install --quiet --quiet --require-hashes --only-binary :all: $requirements
# shellcheck disable=SC2086 # words
$pip install --quiet --quiet --no-build-isolation --no-deps --editable .
if [ "$level" = dev ]; then echo "$dev_stamp"; else echo "$run_stamp"; fi >"$venv/fong-setup"
