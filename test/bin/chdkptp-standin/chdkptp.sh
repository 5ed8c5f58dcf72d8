#!/bin/sh
# Stands for chdkptp's wrapper: the program is its child, not its successor.
dir="$(dirname "$(readlink -f "$0")")"
LUA_PATH="$dir/lua/?.lua;;"
export LUA_PATH
"$dir/chdkptp" "$@"
