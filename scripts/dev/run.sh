# shellcheck shell=bash
# Opens the app, as it is or as a demonstration that leaves nothing behind.

run_app() {
    local demo=
    if [[ ${1:-} == --demo ]]; then
        demo=yes
        shift
    fi
    if [[ ${1:-} == -- ]]; then
        shift
    elif (($#)); then
        die "'$1' is not understood. What is meant for imgn comes after two dashes: ./dev run -- $*"
    fi
    if [[ -z ${DISPLAY:-}${WAYLAND_DISPLAY:-} ]]; then
        die "this machine has no display to open a window on. Run this in a desktop session, or under 'xvfb-run -a' to try it without a screen"
    fi
    prepare_build
    [[ -z $demo ]] || ensure_minio
    build_rust
    unlock_cache
    if [[ -n $demo ]]; then
        run_demo "$@"
    else
        say "Opening imgn"
        exec "$CARGO_TARGET_DIR/debug/imgn" "$@"
    fi
}

# --- The demonstration

demo_photos_at_first=30
demo_photos_arriving=30
demo_processes=()

run_demo() {
    make_scratch
    at_exit stop_demo
    local pictures=$scratch/Pictures endpoint

    say "Making sample photos"
    "$CARGO_TARGET_DIR/debug/imgn-samples" "$pictures" --count "$demo_photos_at_first" >/dev/null

    say "Starting a local S3 server for them"
    use_demo_profile
    start_demo_server
    in_demo imgn-cli folder add "$pictures"
    in_demo imgn-cli destination add s3 --name "photos at home" --endpoint "$endpoint" --bucket photos --create-bucket

    say "Opening imgn; more photos arrive in the watched folder while it runs. Close the window to end the demonstration"
    setsid "$CARGO_TARGET_DIR/debug/imgn" --library "$scratch/library" "$@" </dev/null &
    local app=$!
    demo_processes+=("$app")
    setsid "$CARGO_TARGET_DIR/debug/imgn-samples" "$pictures" --from "$demo_photos_at_first" --count "$demo_photos_arriving" \
        --drip 2500 </dev/null >/dev/null &
    demo_processes+=($!)
    wait "$app"
}

in_demo() {
    local program=$1
    shift
    "$CARGO_TARGET_DIR/debug/$program" --library "$scratch/library" "$@"
}

# A home of its own for everything that is started: nothing is read from the person's settings or written to them.
use_demo_profile() {
    local kind
    forget_cloud_settings
    export AWS_ACCESS_KEY_ID=$service_key AWS_SECRET_ACCESS_KEY=$service_secret
    for kind in DATA CONFIG CACHE STATE; do
        export "XDG_${kind}_HOME=$scratch/$kind"
        mkdir -p "$scratch/$kind"
    done
}

# Sets `endpoint`.
start_demo_server() {
    local port i
    port=$(free_port)
    endpoint=http://127.0.0.1:$port
    MINIO_ROOT_USER=$service_key MINIO_ROOT_PASSWORD=$service_secret MINIO_BROWSER=off MINIO_UPDATE=off \
        setsid "$cache/bin/minio" server "$scratch/server" --certs-dir "$scratch/certificates" --address "127.0.0.1:$port" \
        --quiet </dev/null >"$scratch/server.log" 2>&1 &
    demo_processes+=($!)
    for ((i = 0; i < 100; i++)); do
        curl -fs --noproxy '*' -o /dev/null --max-time 2 "$endpoint/minio/health/live" && return
        sleep 0.1
    done
    tail -n 15 "$scratch/server.log" >&2
    die "the S3 server did not start; the end of its log stands above"
}

# The app and the server each lead a group of processes; a group that is asked and does not end is ended.
stop_demo() {
    local pid i
    for pid in "${demo_processes[@]}"; do
        kill -TERM -- "-$pid" 2>/dev/null || kill -TERM "$pid" 2>/dev/null || true
    done
    for pid in "${demo_processes[@]}"; do
        for ((i = 0; i < 50; i++)); do
            kill -0 -- "-$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -KILL -- "-$pid" 2>/dev/null || true
    done
    wait 2>/dev/null || true
}
