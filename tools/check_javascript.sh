#!/bin/sh
# Check the page's modules: no line above 100 columns, and the types (JSDoc) with TypeScript, which
# is used for nothing else. It is fetched once, from the npm registry, into build/; a machine
# without npm skips the types.
set -eu
cd "$(dirname "$0")/.."

python=python3
[ -x .venv/bin/python ] && python=.venv/bin/python
"$python" - <<'CHECK'
import re
import sys
from pathlib import Path

found = [
    f"{path}:{number}: expected at most 100 columns, found {len(line)}"
    for path in sorted(Path("src/digitus/web/static").rglob("*.js"))
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
    if len(re.sub(r'"[^"]*"|`[^`]*`', '""', line)) > 100  # a sentence stays in one piece
]
sys.exit("\n".join(found) or None)
CHECK

version=7.0.2
place=build/typescript-$version
tsc=$place/node_modules/.bin/tsc

skip() {
    printf '%s\n' '!!!!!!!!!!!!!!!!!!!! NOT CHECKED: THE TYPES OF THE JAVASCRIPT !!!!!!!!!!!!!!!!!!!!' \
        "$1. To check them: $2." >&2
    exit 0
}

if [ ! -x "$tsc" ]; then
    command -v npm >/dev/null 2>&1 || skip "There is no npm" "install Node.js 20 or later with npm"
    mkdir -p "$place"
    npm install --prefix "$place" --no-save --no-audit --no-fund --ignore-scripts --silent \
        --fetch-retries=1 --fetch-retry-mintimeout=1000 \
        "typescript@$version" >/dev/null || skip "npm could not fetch TypeScript" "go online"
fi
"$tsc" -p tools/jsconfig.json
