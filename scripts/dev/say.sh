# shellcheck shell=bash
# What a person at the terminal is told. Whoever includes this sets `program`, the name that errors begin with.

say() { printf '==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
die() {
    printf '\n%s: %s\n' "${program:?}" "$*" >&2
    exit 1
}
