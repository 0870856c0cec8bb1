#!/bin/sh
# Check the types of the page's modules (JSDoc) with TypeScript, which is used for nothing else.
# It is fetched once, from the npm registry, into build/; a machine without npm skips the check.
set -eu
cd "$(dirname "$0")/.."

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
