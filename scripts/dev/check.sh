# shellcheck shell=bash
# Everything about the code that needs no test to run. Each check is reported; one that fails does not stop the rest.

checks_passed=0
checks_failed=0
checks_not_run=()

run_checks() {
    (($# == 0)) || die "./dev check takes no arguments"
    prepare_build
    ensure_rust_lints
    install_packages git
    ensure_nextest
    ensure_deny
    ensure_shellcheck
    ensure_check_jsonschema
    ensure_kustomize
    ensure_kube_score
    ensure_kubernetes_validate
    ensure_hadolint
    ensure_cfn_lint
    ensure_sam
    make_scratch
    cd "$root"

    check "rustfmt" cargo fmt --all --check
    check "clippy" cargo clippy --quiet --workspace --all-targets -- -D warnings
    check "svelte-check" in_ui svelte-check --fail-on-warnings --tsconfig ./tsconfig.json
    check "biome" in_ui biome check --error-on-warnings .
    check "types of the window are those of the library" types_are_current
    # The crates of other systems are judged too, and were not needed to build.
    check "every dependency can be had" cargo fetch --quiet --locked
    check "bans, licences and sources of dependencies" cargo deny --log-level warn --offline check --hide-inclusion-graph bans licenses sources
    check "tests and programs share one build of each dependency" no_features_of_tests_alone
    check_advisories
    check "lists of what is inside (SBOM)" sboms_are_complete
    check_npm_advisories
    check "no path of a particular machine" no_machine_paths
    check "colours only in tokens.css" colours_only_in_tokens
    check "shellcheck" shellcheck --external-sources dev .ci/run scripts/screenshots scripts/dev/try-bundle scripts/release/bundle scripts/image/rootfs
    check "workflows are what GitHub takes" check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/ci.yml .github/workflows/release.yml
    check "every layout for Kubernetes is what Kubernetes takes" manifests_are_sound
    check "the template for AWS is what CloudFormation takes" cfn-lint deploy/serverless/template.yaml
    check "the template for AWS is what SAM takes" template_is_sound
    check "Containerfile" hadolint Containerfile
    check_image

    printf '\n'
    local reason
    for reason in "${checks_not_run[@]}"; do printf 'not run: %s\n' "$reason"; done
    printf '%d passed, %d failed, %d skipped\n' "$checks_passed" "$checks_failed" "${#checks_not_run[@]}"
    ((checks_failed == 0))
}

# check NAME COMMAND...
check() {
    local name=$1
    shift
    say "Check: $name"
    if "$@" </dev/null 9>&-; then
        checks_passed=$((checks_passed + 1))
    else
        note "FAILED: $name"
        checks_failed=$((checks_failed + 1))
    fi
}

not_run() { checks_not_run+=("$1"); }

in_ui() {
    local tool=$1
    shift
    (cd "$root/ui" && "node_modules/.bin/$tool" "$@")
}

# --- Types that the window shares with the library

types_are_current() {
    export_types "$scratch/types" || return
    diff -ru "$root/ui/src/backend/types" "$scratch/types" || {
        note "the types were changed in Rust only: run ./dev types and commit what it writes"
        return 1
    }
}

write_types() {
    prepare_build
    ensure_nextest
    make_scratch
    export_types "$scratch/types" || die "the types could not be made; what is wrong stands above"
    rm -rf "$root/ui/src/backend/types"
    cp -r "$scratch/types" "$root/ui/src/backend/types"
    say "Wrote ui/src/backend/types"
}

# ts-rs writes each type in a test of its own; no such test is an error.
export_types() {
    (cd "$root" && TS_RS_EXPORT_DIR=$1 cargo nextest run --workspace --cargo-quiet --status-level fail --final-status-level fail \
        --show-progress none --no-tests fail -E 'test(/(^|::)export_bindings_/)')
}

# --- Kubernetes

# The oldest and the newest Kubernetes that the manifests are for.
kubernetes_versions=(1.30 1.37)
# A pull policy is the cluster's to choose. To be alive and to be ready are the same here: neither depends on the store,
# without which no pod would be better off started again.
not_scored=container-image-pull-policy,pod-probes-identical

manifests_are_sound() {
    local overlay name rendered version status=0
    for overlay in "$root"/deploy/kubernetes/overlays/*/; do
        name=$(basename "$overlay")
        rendered=$scratch/$name.yaml
        kustomize build "$overlay" >"$rendered" || { status=1 && continue; }
        for version in "${kubernetes_versions[@]}"; do
            kubernetes-validate --strict --quiet -k "$version" "$rendered" || status=1
        done
        kube-score score --output-format ci --kubernetes-version "v${kubernetes_versions[-1]}" --ignore-test "$not_scored" \
            --enable-optional-test container-seccomp-profile "$rendered" >"$scratch/$name.score" || {
            grep -F '[CRITICAL]' "$scratch/$name.score"
            status=1
        }
    done
    return $status
}

# --- AWS

# Nobody is asked anything: keys and region are there because it wants some.
template_is_sound() {
    HOME=$scratch SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=eu-central-1 AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none \
        timeout 120 sam validate --lint --template "$root/deploy/serverless/template.yaml" >"$scratch/sam.log" 2>&1 || {
        cat "$scratch/sam.log"
        return 1
    }
}

# Needs what can build images, and a registry that has the base.
check_image() {
    local tool
    for tool in podman docker; do
        if command -v "$tool" >/dev/null && "$tool" info >/dev/null 2>&1; then
            local base missing=
            for base in $(awk -F= '$1 ~ /^ARG (NODE|RUST)$/ { print $2 }' Containerfile); do
                timeout 300 "$tool" pull --quiet "$base" >/dev/null 2>&1 || missing=$base
            done
            if [[ -z $missing ]]; then
                check "the image can be built" "$tool" build --quiet --tag imgn-server:check .
            else
                not_run "the image can be built: $missing cannot be pulled"
            fi
            return
        fi
    done
    not_run "the image can be built: neither podman nor docker runs here"
}

# --- Dependencies

# A feature that only tests ask for makes another build of that dependency, and of all that stands on it, for the packages.
no_features_of_tests_alone() {
    resolved_features no-dev >"$scratch/features.programs" && resolved_features normal,build,dev >"$scratch/features.tests" || return
    print_none "$(comm -23 "$scratch/features.programs" "$scratch/features.tests")"
}

resolved_features() {
    cargo tree --offline --workspace --edges "$1" --prefix none --format '{p} {f}' | sed 's/ (\*)$//' | sort -u
}

# The database of known faults comes from GitHub, which not every machine can reach.
check_advisories() {
    if timeout 120 cargo deny --log-level off fetch db </dev/null >/dev/null 2>&1; then
        check "known faults in dependencies" cargo deny --log-level warn check --disable-fetch --hide-inclusion-graph advisories
    else
        not_run "known faults in dependencies: the advisory database could not be fetched"
    fi
}

# Asks the registry, of which a mirror may not answer.
check_npm_advisories() {
    local answer
    if answer=$(cd "$root/ui" && timeout 120 npm audit --json </dev/null 2>/dev/null) || [[ $answer == *'"vulnerabilities"'* ]]; then
        check "known faults in front-end packages" npm_audit
    else
        not_run "known faults in front-end packages: the registry does not answer npm audit"
    fi
}

npm_audit() { (cd "$root/ui" && npm audit --audit-level=low); }

# --- Our own text

own_files() { git -C "$root" ls-files -z --cached --others --exclude-standard -- "$@"; }

# Home directories and this checkout's own place mean nothing on another machine.
no_machine_paths() {
    local found
    found=$(own_files . | grep_files "(^|[^[:alnum:]_.])(/(root|work)/|$(regex_literal "$root")|$(regex_literal "$HOME")/)")
    print_none "$found"
}

# Not meant: pictures that the code draws, and masks, in which black stands for "seen".
colours_only_in_tokens() {
    local found
    found=$(own_files 'ui/src/*.svelte' 'ui/src/*.css' 'ui/src/*.ts' ':!ui/src/tokens.css' ':!ui/src/backend/fake/*' |
        grep_files '#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\b|\b(rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(|:[[:space:]]*(white|black)\b' |
        grep -vE 'mask[a-z-]*:' || true)
    print_none "$found"
}

# A file that git knows and that is deleted here is passed over.
grep_files() { xargs -0 grep -nIsHE -e "$1" -- || true; }

# print_none FOUND: fails, and shows what was found, unless that is nothing.
print_none() {
    [[ -z $1 ]] || {
        printf '%s\n' "$1"
        return 1
    }
}

# shellcheck disable=SC2001 # a set of characters is more than ${variable//} can replace
regex_literal() { sed 's/[][\.*^$+?(){}|]/\\&/g' <<<"$1"; }
