#!/bin/sh
# Create the virtual environment and install Digitus into it.
#   tools/setup.sh VENV core|dev
set -eu

venv=$1
kind=$2

say() { printf '%s\n' "set-up: $*" >&2; }

fail() {
    say "$*"
    exit 1
}

python=
for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done

install_python() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 ||
        fail "Python 3.11 or newer with venv is needed; on Debian: apt-get install -y git make python3-venv"
    say "installing python3-venv with apt"
    apt-get update -qq >/dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        python3-venv >/dev/null || fail "apt could not install python3-venv; see above"
}

if [ -z "$python" ]; then
    install_python
    python=python3
fi

if [ ! -x "$venv/bin/python" ]; then
    say "creating $venv with $($python --version)"
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --seed --python "$python" "$venv"
    elif ! "$python" -m venv "$venv" 2>/dev/null; then
        rm -rf "$venv"
        install_python
        "$python" -m venv "$venv"
    fi
fi

# Libraries that Qt is linked with; the tests of the window need no screen.
qt_libraries="libegl1 libgl1 libglib2.0-0 libdbus-1-3 libfontconfig1 libxkbcommon0"

install_qt_libraries() {
    command -v apt-get >/dev/null 2>&1 || return 0
    # shellcheck disable=SC2086
    dpkg -s $qt_libraries >/dev/null 2>&1 && return 0
    if [ "$(id -u)" != 0 ]; then
        say "the tests of the window need: sudo apt-get install -y $qt_libraries"
        return 0
    fi
    say "installing the libraries of Qt with apt"
    apt-get update -qq >/dev/null
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $qt_libraries >/dev/null || fail "apt could not install $qt_libraries; see above"
}

# The page is tested in Chromium; a bare Debian has no typeface for it.
install_chromium() {
    command -v apt-get >/dev/null 2>&1 || return 0
    missing=
    command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 ||
        missing=chromium
    [ -n "$(find /usr/share/fonts -name '*Sans*' 2>/dev/null | head -n 1)" ] ||
        missing="$missing fonts-dejavu-core"
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        say "the tests of the page need: sudo apt-get install -y $missing"
        return 0
    fi
    say "installing $missing with apt, for the tests of the page"
    apt-get update -qq >/dev/null
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        $missing >/dev/null || say "apt could not install $missing; the tests of the page will be skipped"
}

# Reviews are tested on PostgreSQL, too. The tests start a server of their own, so the package makes none.
install_postgresql() {
    command -v apt-get >/dev/null 2>&1 || return 0
    command -v pg_ctl >/dev/null 2>&1 && return 0
    [ -z "$(find /usr/lib/postgresql -name pg_ctl 2>/dev/null | head -n 1)" ] || return 0
    if [ "$(id -u)" != 0 ]; then
        say "the tests of reviews on PostgreSQL need: sudo apt-get install -y postgresql"
        return 0
    fi
    say "installing postgresql with apt, for the tests of reviews"
    apt-get update -qq >/dev/null
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends postgresql-common >/dev/null &&
        sed -i 's/^#*create_main_cluster.*/create_main_cluster = false/' \
            /etc/postgresql-common/createcluster.conf &&
        apt-get install -y -qq --no-install-recommends postgresql >/dev/null ||
        say "apt could not install postgresql; the tests of reviews on it will be skipped"
}

if [ "$kind" = dev ]; then
    install_qt_libraries
    install_chromium
    install_postgresql
    set -- -e '.[onnx,fast,desktop,heif,pdf,web,postgres,cluster]' --group dev
else
    set -- -e .
fi
say "installing Digitus and its dependencies ($kind); this takes a minute the first time"
if command -v uv >/dev/null 2>&1; then
    uv pip install --quiet --python "$venv/bin/python" "$@" >&2
else
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1' >&2
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@" >&2
fi
