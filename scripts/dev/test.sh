# shellcheck shell=bash
# Every test there is: Rust (the real window included), documentation examples, front end.

run_tests() {
    (($# <= 1)) || die "give one part of a test's name, or nothing for all tests"
    local filter=${1:-}
    prepare_tests
    : >"$scratch/tally"

    run_rust_tests "$filter"
    [[ -n $filter ]] || run_doc_tests
    run_ui_tests "$filter"
    [[ -n $filter ]] || run_bundle_tests
    sum_up "$scratch/tally"
}

# What a short part of the tests does for half a minute: changes, kills and outages, for as long as is asked.
run_soak() {
    local minutes=${1:-10}
    [[ $minutes =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "give a number of minutes"
    prepare_tests
    say "Changes, kills and outages for $minutes minutes, on each server"
    (cd "$root" && IMGN_SOAK_MINUTES=$minutes cargo nextest run --workspace --profile soak --no-capture soak:: </dev/null 9>&-)
}

# The same for the services: many clients, and an extractor that is killed again and again.
run_load() {
    local seconds=${1:-60}
    [[ $seconds =~ ^[0-9]+(\.[0-9]+)?$ ]] || die "give a number of seconds"
    prepare_tests
    say "Two hundred clients for $seconds seconds, over each store"
    (cd "$root" && IMGN_LOAD_SECONDS=$seconds cargo nextest run --workspace --profile soak --no-capture \
        -E 'package(imgn-server) and test(/^load::/)' </dev/null 9>&-)
}

prepare_tests() {
    prepare_build
    install_packages "${packages_to_test[@]}" "${packages_to_serve[@]}"
    install_browser
    ensure_nextest
    ensure_minio
    ensure_weed
    ensure_kustomize
    ensure_cargo_lambda
    ensure_sam
    ensure_ministack

    make_scratch
    borrow_services
    use_test_environment
}

# Servers that run already are used and left running.
borrow_services() {
    if ! services_run; then
        at_exit stop_services
        start_services
    fi
}

# The tests see the servers and a profile of their own, and nothing of the person's settings, desktop or cloud.
use_test_environment() {
    local line kind
    forget_cloud_settings
    while IFS= read -r line; do
        eval "export $line"
    done <"$services/services.env"
    export IMGN_TEST_MINIO=$cache/bin/minio IMGN_TEST_WEED=$cache/bin/weed IMGN_TEST_KUSTOMIZE=$cache/bin/kustomize
    export IMGN_TEST_CARGO_LAMBDA=$cache/bin/cargo-lambda IMGN_TEST_SAM=$cache/bin/sam IMGN_TEST_MINISTACK=$cache/bin/ministack
    find_corpora

    for kind in DATA CONFIG CACHE STATE; do
        export "XDG_${kind}_HOME=$scratch/$kind"
        mkdir -p "$scratch/$kind"
    done
    # Types are written here and compared by ./dev check; a test run changes nothing in the checkout.
    export TS_RS_EXPORT_DIR=$scratch/types
    export DBUS_SESSION_BUS_ADDRESS=disabled:
    export NO_PROXY=127.0.0.1,localhost,::1 no_proxy=127.0.0.1,localhost,::1
    mkdir -p "$scratch/tmp"
    export TMPDIR=$scratch/tmp
}

# More photos, where there are any beside the checkout.
find_corpora() {
    if [[ -z ${IMGN_CORPORA:-} && -d $root/../shared/corpora ]]; then
        IMGN_CORPORA=$(cd "$root/../shared/corpora" && pwd -P)
    fi
    [[ -z ${IMGN_CORPORA:-} ]] || export IMGN_CORPORA
}

run_rust_tests() {
    # nextest keeps its reports below the workspace, wherever the build goes.
    local filter=$1 status=0 report=$root/target/nextest/report/junit.xml
    local -a names=()
    [[ -z $filter ]] || names=(-- "$filter")
    say "Rust tests"
    rm -f "$report"
    # Two a core: they wait for servers, disks and settling times as long as they compute.
    (cd "$root" && cargo nextest run --workspace --profile report --no-fail-fast --no-tests pass --test-threads "$((2 * $(nproc)))" \
        "${names[@]}" </dev/null 9>&-) || status=$?
    # The report leaves out what is marked as ignored.
    (cd "$root" && cargo nextest list --workspace --run-ignored only --message-format oneline "${names[@]}" </dev/null 9>&-) \
        >"$scratch/ignored" 2>/dev/null || true
    count "rust" "$filter" "$status" nextest "$report" "$scratch/ignored"
}

run_doc_tests() {
    local status=0
    say "Documentation examples"
    : >"$scratch/doc.log"
    if there_are_examples; then
        (cd "$root" && cargo test --workspace --doc --no-fail-fast --quiet </dev/null 9>&-) >"$scratch/doc.log" 2>&1 || status=$?
        ((status == 0)) || cat "$scratch/doc.log"
    fi
    # There may be none; they are a part of the documentation, not a suite that has to exist.
    count "documentation" may-be-empty "$status" libtest "$scratch/doc.log"
}

# rustdoc compiles every crate only to look for them: fenced or indented in a comment, or out of a file.
there_are_examples() {
    grep -rqE --include '*.rs' '^[[:space:]]*//[/!](.*(```|~~~)|     )|\bdoc *= ' "$root/crates" "$root/src-tauri"
}

run_ui_tests() {
    local filter=$1 status=0
    local -a selection=()
    [[ -z $filter ]] || selection=(--testNamePattern "$filter" --passWithNoTests)
    say "Front-end tests"
    (cd "$root/ui" && node_modules/.bin/vitest run --reporter=default --reporter=json --outputFile.json="$scratch/vitest.json" \
        "${selection[@]}" </dev/null 9>&-) || status=$?
    count "front end" "$filter" "$status" vitest "$scratch/vitest.json"
}

run_bundle_tests() {
    local status=0
    say "Packages"
    (try_bundles) >"$scratch/packages.log" 2>&1 </dev/null 9>&- || status=$?
    cat "$scratch/packages.log"
    count "packages" "" "$status" steps "$scratch/packages.log"
}

# count RUNNER MAY-BE-EMPTY STATUS FORMAT REPORT: adds one line to the tally.
count() {
    node "$root/scripts/dev/tally.mjs" "$@" >>"$scratch/tally"
}

# Prints a line for each runner, what could not run, and the sum; fails unless all was well.
sum_up() {
    printf '\n'
    node "$root/scripts/dev/tally.mjs" sum "$1"
}
