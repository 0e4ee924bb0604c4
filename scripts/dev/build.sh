# shellcheck shell=bash
# From a checkout to binaries: front-end packages, front end, Rust. Each part is left out when nothing changed.

prepare_build() {
    lock_cache
    install_packages "${packages_to_build[@]}"
    ensure_rust
    ensure_node
    claim_target
    install_ui_packages
    build_ui
}

install_ui_packages() {
    local stamp=$root/ui/node_modules/.imgn-installed wanted
    wanted=$(node --version; sha256sum <"$root/ui/package-lock.json")
    [[ $(cat "$stamp" 2>/dev/null) != "$wanted" ]] || return 0
    say "Installing the front end's packages"
    # Not `npm ci`: a registry without the packages of other platforms makes a lock that it refuses as incomplete.
    # This one takes the same locked versions and leaves the lock alone.
    (cd "$root/ui" && npm install --no-save --no-audit --no-fund --no-update-notifier --loglevel=error </dev/null) ||
        die "the front end's packages could not be installed. Check that the npm registry can be reached, then try again"
    printf '%s\n' "$wanted" >"$stamp"
}

# The window's pages are embedded in the binary: they come before anything that cargo does.
build_ui() {
    local stamp=$root/ui/node_modules/.imgn-built wanted
    wanted=$(ui_fingerprint)
    [[ -f $root/ui/dist/index.html && $(cat "$stamp" 2>/dev/null) == "$wanted" ]] && return
    say "Building the front end"
    (cd "$root/ui" && npm run --silent build -- --logLevel warn </dev/null) || die "the front end does not build; what is wrong stands above"
    printf '%s\n' "$wanted" >"$stamp"
}

# A hash over the names and contents of everything that the front end is built from.
ui_fingerprint() {
    (cd "$root" && find ui icons -type f -not -path 'ui/node_modules/*' -not -path 'ui/dist/*' -print0 |
        sort -z | xargs -0 sha256sum | sha256sum)
}

# Always the whole workspace: any part of it alone would compile its dependencies anew with other features.
build_rust() {
    say "Building imgn (the first time takes some minutes)"
    (cd "$root" && cargo build --workspace) || die "imgn does not build; what is wrong stands above"
}
