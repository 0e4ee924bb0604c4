# shellcheck shell=bash
# The cache: tools in bin/, the build in target/, servers in services/. One build at a time.

# Tools need a home that can be written to; a build account may have none.
if [[ ! -d ${HOME:-} || ! -w ${HOME:-} ]]; then
    [[ -d ${HOME:-}/.rustup ]] && export RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
    HOME=${TMPDIR:-/tmp}/imgn-dev-home-$(id -u)
    export HOME
    mkdir -p "$HOME"
    chmod 700 "$HOME"
    [[ -O $HOME ]] || die "$HOME belongs to someone else. Set HOME to a folder of your own"
fi

cache=${IMGN_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/imgn-dev}
mkdir -p "$cache/bin" || die "cannot write to $cache. Set IMGN_CACHE to a folder that can be written to"
cache=$(cd -- "$cache" && pwd -P)

export CARGO_TARGET_DIR=$cache/target
export PATH=$cache/bin:$PATH
export NODE_COMPILE_CACHE=$cache/node-compiled

scratch=

# A folder for this run alone, removed at its end.
make_scratch() {
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/imgn-dev.XXXXXX")
    at_exit remove_scratch
}

remove_scratch() {
    # A process that is just ending may still write; a second try finds the folder quiet.
    rm -rf "$scratch" 2>/dev/null || { sleep 1 && rm -rf "$scratch"; }
}

exit_steps=()

# Registers a function for the end of the script, however it ends. The last one registered runs first.
at_exit() {
    exit_steps=("$1" "${exit_steps[@]}")
    trap run_exit_steps EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

run_exit_steps() {
    local status=$? step
    trap '' HUP INT TERM
    for step in "${exit_steps[@]}"; do
        "$step" || true
    done
    exit "$status"
}

# Descriptor 9 holds the lock. What outlives a build is started with 9>&-, or it would keep the lock.
lock_cache() {
    command -v flock >/dev/null || die "flock is missing. Install the package util-linux"
    exec 9>"$cache/lock"
    if ! flock -n 9; then
        say "Waiting for another ./dev that is building"
        flock 9
    fi
}

unlock_cache() { exec 9>&-; }

# The build is shared by all checkouts, and cargo tells our own crates apart by nothing but file times, so a
# change of checkout throws away our own crates and keeps the dependencies.
claim_target() {
    local owner=$CARGO_TARGET_DIR/checkout previous name
    mkdir -p "$CARGO_TARGET_DIR"
    previous=$(cat "$owner" 2>/dev/null || true)
    if [[ -n $previous && $previous != "$root" ]]; then
        say "The build cache was last used by $previous: building our own crates anew"
        local -a own=()
        while read -r name; do own+=(-p "$name"); done < <(own_crates)
        (cd "$root" && cargo clean --quiet "${own[@]}")
        if [[ -d $CARGO_TARGET_DIR/release ]]; then
            (cd "$root" && cargo clean --quiet --release "${own[@]}")
        fi
    fi
    printf '%s\n' "$root" >"$owner"
}

# The names of the workspace's own packages, the root package included.
own_crates() {
    local manifest
    for manifest in "$root"/Cargo.toml "$root"/crates/*/Cargo.toml; do
        awk '/^\[/ { package = ($0 == "[package]") } package && /^name *=/ { split($0, part, "\""); print part[2] }' "$manifest"
    done
}

clean_build() {
    lock_cache
    say "Removing $CARGO_TARGET_DIR, and target/ and ui/dist here"
    rm -rf "$CARGO_TARGET_DIR" "$root/target" "$root/ui/dist"
}
