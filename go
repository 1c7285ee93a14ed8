#!/usr/bin/env bash
# Sets this checkout up and runs it. `./go help` lists the commands.
# Needs a shell, and apt (as root or with sudo) only for what a probe finds missing.
set -euo pipefail
cd "$(dirname "$0")"

export UV_SYSTEM_CERTS=1 UV_PYTHON_DOWNLOADS=never # the system's certificates; never a Python from elsewhere
unset PYTHONDONTWRITEBYTECODE                      # compiled files make the second start fast
unset VIRTUAL_ENV PYTHONHOME

UV=.tools/uv/bin/uv
BIN=.venv/bin

say() { if [ -t 2 ]; then printf '\033[2m· %s\033[0m\n' "$*" >&2; else printf '· %s\n' "$*" >&2; fi; }
fail() {
  printf 'go: %s\n' "$*" >&2
  exit 1
}

help() {
  cat <<'TEXT'
./go run [options]      set up at first use, then serve at http://127.0.0.1:8000 (options go to `sharedtable serve`)
./go test [pytest …]    set up, then run the tests on SQLite and those that touch the database again on PostgreSQL
./go check              every check that runs no product code: style, types, rooms, templates, docs, secrets
./go bench [name …]     run benchmarks/bench_*.py, or only benchmarks/bench_NAME.py with its own options
./go setup [run|test|dev]   only set up (default: run)
./go lock [--upgrade]   write requirements/*.txt again from pyproject.toml
./go help               this text

Data lives in ./var, or where SHAREDTABLE_DATA says. Tests read real data from ../shared, or where SHAREDTABLE_SHARED says.
TEXT
}

# --- what the system must bring ---------------------------------------------------------------------------------------

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt_updated=
apt_install() { # apt_install WHY PACKAGE…
  local why=$1
  shift
  command -v apt-get >/dev/null || fail "$why is missing and this system has no apt. Install it by hand ($*), then run this again."
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
    fail "$why is missing. Ask an administrator to run: apt-get install $*"
  say "installing $why (apt: $*)"
  if [ -z "$apt_updated" ]; then
    as_root apt-get update -qq >&2 || fail "apt cannot read its package lists, so $why cannot be installed. Is the network up?"
    apt_updated=yes
  fi
  # What apt prints matters only when it fails.
  local log
  log=$(as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" 2>&1) ||
    fail "apt could not install $why. Install it by hand ($*), then run this again. apt said: $(tail -n 5 <<<"$log")"
}

# Version managers leave shims for versions that do not run, so a candidate counts only when it runs.
find_python() {
  local candidate
  for candidate in ${PYTHON:-} /usr/bin/python3 python3 python3.13 python3.12 python3.11; do
    "$candidate" -c 'import sys, ssl, ctypes, lzma
sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1 || continue
    "$candidate" -c 'import sys; print(sys.executable)'
    return 0
  done
  return 1
}

need_python() { # prints a Python that runs; it has pip as long as uv still has to be fetched
  local python
  python=$(find_python) || python=
  if [ -z "$python" ] || ! { [ -x $UV ] || "$python" -m pip --version >/dev/null 2>&1; }; then
    apt_install "Python with pip" python3 python3-pip
  fi
  find_python || fail "no Python from 3.11 to 3.13 runs here. Install one, or name it: PYTHON=/path/to/python3 ./go …"
}

find_chromium() {
  local name
  for name in chromium chromium-browser google-chrome; do
    "$name" --version >/dev/null 2>&1 && return 0
  done
  return 1
}

find_postgres() { # prints the folder that holds initdb, the newest version first
  local folder
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV) /usr/local/bin /usr/bin /opt/homebrew/bin; do
    if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ]; then
      echo "$folder"
      return 0
    fi
  done
  return 1
}

has_libreoffice() { # with its part for slides, which is a package of its own
  local soffice
  soffice=$(command -v soffice) && [ -e "$(dirname "$(readlink -f "$soffice")")/libsdlo.so" ]
}

# Redis is left out: nothing uses it yet. The first feature with live updates across processes brings its probe here.
system_for_tests() {
  local missing=()
  find_chromium || missing+=(chromium)
  find_postgres >/dev/null || missing+=(postgresql)
  # Files that we write are opened by programs that we did not write.
  has_libreoffice || missing+=(libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui)
  command -v pdftotext >/dev/null || missing+=(poppler-utils)
  [ ${#missing[@]} = 0 ] || apt_install "what the tests open files, pages and databases with" "${missing[@]}"
  find_chromium || fail "chromium is installed but does not run (Ubuntu ships it as a snap). Install a Chromium that runs, then try again."
}

# --- Python packages --------------------------------------------------------------------------------------------------

rank_of() { case $1 in run) echo 1 ;; test) echo 2 ;; dev) echo 3 ;; *) echo 0 ;; esac }

# A fingerprint of everything that decides what .venv holds: this folder, the locks, the project file, the interpreter.
fingerprint() { { pwd && cat requirements/*.txt pyproject.toml && "$1" -VV; } | cksum | tr " " -; }

get_uv() { # get_uv PYTHON
  local wanted
  wanted=$(sed -n 's/^uv==\([0-9.]*\).*/\1/p' requirements/uv.txt)
  [ -x $UV ] && [ "$($UV --version 2>/dev/null | cut -d' ' -f2)" = "$wanted" ] && return 0
  say "getting uv $wanted"
  rm -rf .tools/uv
  # --target leaves the system's Python alone, so this works where its packages are managed by apt
  "$1" -m pip install --quiet --quiet --root-user-action=ignore --disable-pip-version-check --no-deps --require-hashes --only-binary :all: \
    --target .tools/uv -r requirements/uv.txt || fail "pip could not fetch uv. Is a package index reachable?"
}

setup() { # setup run|test|dev ; keeps what a larger set-up already installed
  local level=$1 python has has_print print
  has=none has_print=
  if [ -x $BIN/python ] && [ -f .venv/set-up ]; then
    read -r has has_print <.venv/set-up
    if [ "$(rank_of "$has")" -ge "$(rank_of "$level")" ]; then
      [ "$has_print" = "$(fingerprint $BIN/python)" ] && return 0
      level=$has
    fi
  fi
  python=$(need_python)
  get_uv "$python"
  say "installing Python packages ($level)"
  $BIN/python -c '' 2>/dev/null || $UV venv --quiet --clear --python "$python" .venv
  rm -f .venv/set-up
  $UV pip sync --quiet --python $BIN/python --require-hashes "requirements/$level.txt" ||
    fail "the Python packages could not be installed; the lines above say which one failed."
  $UV pip install --quiet --python $BIN/python --no-deps --build-constraints requirements/build.txt -e . ||
    fail "Shared Table itself could not be installed; the lines above say why."
  print=$(fingerprint $BIN/python)
  echo "$level $print" >.venv/set-up # written last: a set-up that was cut off starts again
}

setup_tests() { # programs from apt and packages for Python come at the same time
  local programs
  need_python >/dev/null # first, because two apt at once would be in each other's way
  system_for_tests &
  programs=$!
  setup "$1"
  wait "$programs" || exit 1
}

lock() {
  local python compile
  python=$(need_python)
  get_uv "$python"
  # Universal: one file for every platform and Python. No header and no annotations: no address gets into the files.
  compile=("$UV" pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 "$@")
  "${compile[@]}" pyproject.toml --extra web --extra oews -o requirements/run.txt
  "${compile[@]}" pyproject.toml --extra web --extra oews --extra states --extra suggest --group test -c requirements/run.txt -o requirements/test.txt
  "${compile[@]}" pyproject.toml --extra web --extra oews --extra states --extra suggest --group test --group dev -c requirements/test.txt -o requirements/dev.txt
  echo 'hatchling>=1.27
editables' | "${compile[@]}" - -o requirements/build.txt
  say "written: requirements/{run,test,dev,build}.txt"
}

# --- tests ------------------------------------------------------------------------------------------------------------

PG_DIR=
pg() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; } # initdb refuses root

stop_postgres() {
  [ -n "$PG_DIR" ] || return 0
  (cd / && pg "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -m immediate -s stop >/dev/null 2>&1) || true
  rm -rf "$PG_DIR"
  PG_DIR=
}

# A throw-away server: own folder (short, because a socket's path may have 107 bytes), free port, no syncing to disk.
start_postgres() {
  local port password
  PG_BIN=$(find_postgres)
  PG_DIR=$(mktemp -d /tmp/st-pg.XXXXXX)
  trap stop_postgres EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  read -r port password < <($BIN/python -c 'import secrets, socket
s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1], secrets.token_hex(16))')
  printf '%s\n' "$password" >"$PG_DIR/password"
  if [ "$(id -u)" = 0 ]; then chown -R postgres "$PG_DIR"; fi
  (
    cd / # the postgres user may not be allowed to enter the checkout
    pg "$PG_BIN/initdb" -D "$PG_DIR/data" -U postgres -A scram-sha-256 --pwfile="$PG_DIR/password" -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
    pg "$PG_BIN/pg_ctl" -D "$PG_DIR/data" -l "$PG_DIR/log" -s -w -t 30 start \
      -o "-h 127.0.0.1 -p $port -k $PG_DIR -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
  ) || fail "a throw-away PostgreSQL did not start: $(tail -n 3 "$PG_DIR/log" 2>/dev/null)"
  PG_URL="postgresql://postgres:$password@127.0.0.1:$port/postgres"
}

run_pytest() { # run_pytest OUTPUT ARGUMENTS… : shows the run, keeps a copy, and gives pytest's own exit code
  local output=$1
  shift
  set +e
  $BIN/python -m pytest --color="${GO_COLOR:-auto}" "$@" 2>&1 | tee "$output"
  local code=${PIPESTATUS[0]}
  set -e
  return "$code"
}

run_tests() {
  local choice=("$@") browser=0 launch=0 sqlite=0 postgres=0 copies
  local whole=(-n 2 --dist loadfile --no-loadscope-reorder) # two processes for the whole; one file needs none
  # Playwright leaves an event loop in its process, on which every later test of the database would trip: in the
  # whole run, whose order two processes share, the browser has processes of its own.
  [ $# -gt 0 ] || choice=("${whole[@]}" -m "not browser")
  [ ! -t 1 ] || GO_COLOR=yes
  start_postgres
  copies=$PG_DIR
  # The tests see a data folder of their own, and no setting of whoever runs them.
  unset SHAREDTABLE_SECRET_KEY SHAREDTABLE_HOSTS SHAREDTABLE_HTTPS SHAREDTABLE_LOCAL
  export SHAREDTABLE_DATA=$PG_DIR/var
  say "tests that touch the database, on PostgreSQL"
  DATABASE_URL=$PG_URL run_pytest "$copies/postgres.txt" --database-tests "${choice[@]}" || postgres=$?
  [ "$postgres" != 5 ] || postgres=0 # nothing in this choice touches the database
  unset DATABASE_URL
  if [ $# = 0 ]; then
    say "tests in a browser, on SQLite"
    run_pytest "$copies/browser.txt" "${whole[@]}" -m browser || browser=$?
    say "a whole launch in a browser, on PostgreSQL"
    DATABASE_URL=$PG_URL run_pytest "$copies/launch.txt" -m browser tests/wall/test_whole_launch.py || launch=$?
    say "all other tests, on SQLite"
  else
    say "the same on SQLite, with those that touch no database"
  fi
  run_pytest "$copies/sqlite.txt" "${choice[@]}" || sqlite=$?
  echo
  echo "On PostgreSQL: $(tail -n 1 "$copies/postgres.txt")"
  if [ $# = 0 ]; then
    echo "In a browser, on SQLite: $(tail -n 1 "$copies/browser.txt")"
    echo "A launch in a browser, on PostgreSQL: $(tail -n 1 "$copies/launch.txt")"
  fi
  echo "On SQLite:"
  tail -n 1 "$copies/sqlite.txt"
  [ "$sqlite" != 0 ] || sqlite=$browser
  [ "$sqlite" != 0 ] || sqlite=$launch
  [ "$sqlite" != 0 ] || sqlite=$postgres
  return "$sqlite"
}

# --- checks -----------------------------------------------------------------------------------------------------------

run_checks() {
  local failed=() name
  check() { # check NAME COMMAND…
    name=$1
    shift
    say "check: $name"
    "$@" || failed+=("$name")
  }
  check "ruff" $BIN/ruff check .
  check "format" $BIN/ruff format --check --quiet .
  check "types" $BIN/mypy
  check "rooms" $BIN/lint-imports
  check "templates" $BIN/djlint src --lint --quiet
  check "migrations" env DJANGO_SETTINGS_MODULE=sharedtable.config.settings SHAREDTABLE_DATA=.venv/check \
    $BIN/python -m django makemigrations --check --dry-run
  check "scripts" $BIN/shellcheck go .ci/run
  check "docs build" $BIN/python tools/build_docs.py
  check "house" $BIN/python -m pytest -q tests/house
  if [ ${#failed[@]} -gt 0 ]; then
    echo "Checks that failed: ${failed[*]}" >&2
    return 1
  fi
  echo "All checks passed."
}

run_benchmarks() {
  local file files=(benchmarks/bench_*.py)
  if [ $# -gt 0 ]; then
    files=("benchmarks/bench_$1.py")
    shift
  fi
  for file in "${files[@]}"; do
    [ -f "$file" ] || fail "there is no $file. There are: $(printf '%s ' benchmarks/bench_*.py)"
    printf '\n== %s\n' "$file"
    PYTHONPATH=. $BIN/python "$file" "$@"
  done
}

command=${1:-help}
[ $# = 0 ] || shift
case $command in
  run)
    setup run
    export SHAREDTABLE_DATA=${SHAREDTABLE_DATA:-$PWD/var}
    exec $BIN/sharedtable serve "$@"
    ;;
  test)
    setup_tests test
    run_tests "$@"
    ;;
  check)
    setup dev
    run_checks
    ;;
  bench)
    setup test
    run_benchmarks "$@"
    ;;
  setup)
    [ "$(rank_of "${1:-run}")" != 0 ] || fail "'$1' is not a set-up. Choose run, test or dev."
    if [ "${1:-run}" = run ]; then setup run; else setup_tests "$1"; fi
    say "set up ($(cut -d' ' -f1 .venv/set-up))"
    ;;
  lock) lock "$@" ;;
  help | -h | --help) help ;;
  *)
    help >&2
    fail "there is no command '$command'."
    ;;
esac
