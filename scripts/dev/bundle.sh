# shellcheck shell=bash
# Packages for other people's machines: a .deb and a .rpm with the app, the command line, its completions and
# manual pages; and what is inside them (SBOM).

# A package built on one release of Debian runs on that and on later ones.
packages_to_bundle=(rpm)
# The trial: a system of its own, with nothing in it but the package.
packages_to_try=(debootstrap desktop-file-utils appstream file util-linux imagemagick)

make_bundles() {
    local profile=release
    case ${1:-} in
        '') ;;
        --debug) profile=debug ;;
        *) die "./dev bundle takes nothing, or --debug for a quick one that is not optimised" ;;
    esac
    prepare_build
    make_scratch
    bundle "$profile"
    make_sboms "$bundles"
    say "Made in ${bundles#"$root/"}:"
    (cd "$bundles" && ls -1sh ./*)
}

bundles=

# Sets `bundles`, the folder with what was made.
bundle() {
    local profile=$1
    local -a cargo_profile=() tauri_profile=()
    if [[ $profile == release ]]; then cargo_profile=(--release); else tauri_profile=(--debug); fi
    install_packages "${packages_to_bundle[@]}"
    say "Building imgn ($profile)"
    (cd "$root" && cargo build --workspace --bins "${cargo_profile[@]}") || die "imgn does not build; what is wrong stands above"
    lay_out_extras "$CARGO_TARGET_DIR/$profile" "$scratch/extras"
    say "Making the packages"
    rm -rf "$CARGO_TARGET_DIR/$profile/bundle"
    (cd "$root" && ui/node_modules/.bin/tauri bundle "${tauri_profile[@]}" --bundles deb,rpm --ci --config "$scratch/extras.json" </dev/null) \
        >"$scratch/bundle.log" 2>&1 || {
        tail -n 30 "$scratch/bundle.log" >&2
        die "the packages could not be made"
    }
    bundles=$root/target/bundle/$profile
    rm -rf "$bundles"
    mkdir -p "$bundles"
    cp "$CARGO_TARGET_DIR/$profile"/bundle/deb/*.deb "$CARGO_TARGET_DIR/$profile"/bundle/rpm/*.rpm "$bundles/"
}

# What is in the packages beside the app: gathered in a folder as it will lie below /, and named to the bundler.
lay_out_extras() {
    local binaries=$1 extras=$2 shell
    mkdir -p "$extras"/usr/{bin,share/{man/man1,metainfo,doc/imgn,bash-completion/completions,fish/vendor_completions.d,zsh/vendor-completions}}
    install -m 755 "$binaries/imgn-cli" "$extras/usr/bin/imgn-cli"
    "$binaries/imgn-cli" man --out "$extras/usr/share/man/man1" >/dev/null
    gzip -9n "$extras"/usr/share/man/man1/*.1
    for shell in bash fish zsh; do
        "$binaries/imgn-cli" completions "$shell" >"$scratch/completions.$shell"
    done
    cp "$scratch/completions.bash" "$extras/usr/share/bash-completion/completions/imgn-cli"
    cp "$scratch/completions.fish" "$extras/usr/share/fish/vendor_completions.d/imgn-cli.fish"
    cp "$scratch/completions.zsh" "$extras/usr/share/zsh/vendor-completions/_imgn-cli"
    cp "$root/src-tauri/linux/org.imgn.desktop.metainfo.xml" "$extras/usr/share/metainfo/"
    cp "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$extras/usr/share/doc/imgn/"
    node "$root/scripts/dev/extras.mjs" "$extras" >"$scratch/extras.json"
}

# --- What is inside

# make_sboms DIR: a CycloneDX list of every crate and of every front-end package that is linked in.
make_sboms() {
    local copy=$scratch/sbom
    ensure_cargo_tool cargo-cyclonedx "$cyclonedx_version"
    say "Listing what is inside (SBOM)"
    # It writes beside each manifest; the checkout stays as it is.
    mkdir -p "$copy" "$1"
    (cd "$root" && cp -r --parents Cargo.toml Cargo.lock crates src-tauri "$copy")
    (cd "$copy" && cargo cyclonedx --quiet --format json --all --target all --override-filename sbom) || die "the list of crates could not be made"
    cp "$copy/sbom.json" "$1/imgn.cdx.json"
    cp "$copy/crates/cli/sbom.json" "$1/imgn-cli.cdx.json"
    (cd "$root/ui" && npm sbom --omit dev --package-lock-only --sbom-format cyclonedx) >"$1/imgn-ui.cdx.json" ||
        die "the list of front-end packages could not be made"
}

# Each list names every package that it should, with a version and a licence.
sboms_are_complete() {
    make_sboms "$scratch/sboms" && node "$root/scripts/dev/sbom.mjs" "$root" "$scratch/sboms"
}

# --- A trial on a system that has nothing else

# Each step prints `ok NAME`, `FAILED NAME` or `not run: why`, which the tally counts.
try_bundles() {
    make_scratch
    bundle debug
    say "Trying the packages on a system of their own"
    install_packages "${packages_to_try[@]}"
    "$root/scripts/dev/try-bundle" "$bundles" "$cache/debian" "$scratch/try" "$root"
}
