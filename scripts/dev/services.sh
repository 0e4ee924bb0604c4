# shellcheck shell=bash
# The real S3 servers that tests use: MinIO and SeaweedFS, each plain and over TLS with a certificate authority of
# our own. They listen on free ports of 127.0.0.1, outlive the script, and are told apart by their pid files.

services=$cache/services
service_names=(minio minio-tls seaweedfs seaweedfs-tls)
service_key=imgn-test-key
service_secret=imgn-test-secret

run_services() {
    case ${1:-} in
        start)
            lock_cache
            install_packages "${packages_to_serve[@]}"
            ensure_minio
            ensure_weed
            start_services
            cat "$services/services.env"
            ;;
        stop)
            say "Stopping the S3 servers"
            stop_services
            ;;
        status) print_service_status ;;
        *) die "say what to do with the services: ./dev services start|stop|status" ;;
    esac
}

# --- All of them

services_run() {
    local name
    for name in "${service_names[@]}"; do
        service_runs "$name" || return 1
    done
    [[ -s $services/services.env ]]
}

start_services() {
    if services_run; then
        say "The S3 servers are running already"
        return
    fi
    stop_services
    say "Starting MinIO and SeaweedFS, plain and over TLS"
    mkdir -p "$services"
    make_certificates "$services/tls"

    local minio minio_tls weed weed_tls
    minio=$(free_port)
    launch_minio minio "$minio"
    minio_tls=$(free_port)
    launch_minio minio-tls "$minio_tls" --certs-dir "$services/tls"
    weed=$(free_port_block)
    launch_weed seaweedfs "$weed"
    weed_tls=$(free_port_block)
    launch_weed seaweedfs-tls "$weed_tls" -s3.cert.file="$services/tls/public.crt" -s3.key.file="$services/tls/private.key"

    await_service minio "http://127.0.0.1:$minio/minio/health/live"
    await_service minio-tls "https://127.0.0.1:$minio_tls/minio/health/live"
    await_service seaweedfs "http://127.0.0.1:$weed/healthz"
    await_service seaweedfs-tls "https://127.0.0.1:$weed_tls/healthz"

    cat >"$services/services.env" <<ENV
IMGN_TEST_MINIO_URL=http://127.0.0.1:$minio
IMGN_TEST_MINIO_TLS_URL=https://127.0.0.1:$minio_tls
IMGN_TEST_SEAWEEDFS_URL=http://127.0.0.1:$weed
IMGN_TEST_SEAWEEDFS_TLS_URL=https://127.0.0.1:$weed_tls
IMGN_TEST_KEY=$service_key
IMGN_TEST_SECRET=$service_secret
IMGN_TEST_CA='$services/tls/ca.crt'
ENV
}

stop_services() {
    local name
    for name in "${service_names[@]}"; do
        stop_service "$name"
    done
    rm -f "$services/services.env"
}

print_service_status() {
    local name
    for name in "${service_names[@]}"; do
        if service_runs "$name"; then note "$name runs (pid $(<"$services/$name/pid"))"; else note "$name does not run"; fi
    done
    [[ ! -s $services/services.env ]] || cat "$services/services.env"
}

# --- One of them

launch_minio() {
    local name=$1 port=$2
    shift 2
    MINIO_ROOT_USER=$service_key MINIO_ROOT_PASSWORD=$service_secret MINIO_BROWSER=off MINIO_UPDATE=off \
        launch "$name" "$cache/bin/minio" server "$services/$name/data" --address "127.0.0.1:$port" --quiet "$@"
}

# SeaweedFS takes five ports from the given one on, and for gRPC the same ones 10000 higher.
launch_weed() {
    local name=$1 port=$2
    shift 2
    mkdir -p "$services/$name"
    printf '%s\n' "$port" >"$services/$name/port"
    cat >"$services/$name/s3.json" <<JSON
{"identities": [{"name": "imgn", "credentials": [{"accessKey": "$service_key", "secretKey": "$service_secret"}],
  "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}
JSON
    # Each bucket takes several volumes, and each test a bucket: more than a small disk would be given.
    launch "$name" "$cache/bin/weed" -logtostderr=true mini -dir="$services/$name/data" -ip=127.0.0.1 -ip.bind=127.0.0.1 \
        -s3.port="$port" -master.port=$((port + 1)) -volume.port=$((port + 2)) -filer.port=$((port + 3)) -admin.port=$((port + 4)) \
        -s3.config="$services/$name/s3.json" -s3.autoCreateBucket=false -s3.allowDeleteBucketNotEmpty=false \
        -volume.max=5000 -s3.port.iceberg=0 -s3.port.lance=0 -master.telemetry=false -webdav=false -admin.ui=false "$@"
}

launch() {
    local name=$1
    shift
    mkdir -p "$services/$name/data"
    # Cloud settings of this machine are not meant for these servers, and its home is not theirs.
    (cd "$services/$name" && forget_cloud_settings && HOME=$services/$name exec setsid "$@" </dev/null >log 2>&1 9>&-) &
    printf '%s\n' $! >"$services/$name/pid"
    disown $!
}

await_service() {
    local name=$1 url=$2 i
    for ((i = 0; i < 300; i++)); do
        curl -fs --noproxy '*' --cacert "$services/tls/ca.crt" -o /dev/null --max-time 2 "$url" 2>/dev/null && return
        service_runs "$name" || break
        sleep 0.1
    done
    printf -- '--- the end of the log of %s\n' "$name" >&2
    tail -n 15 "$services/$name/log" >&2
    cp "$services/$name/log" "$cache/$name.log"
    stop_services
    die "$name did not start. Its whole log is $cache/$name.log"
}

# A pid can be given to another program after a crash or a restart, so the program's folder is looked at too.
service_runs() {
    local pid
    pid=$(cat "$services/$1/pid" 2>/dev/null) || return 1
    kill -0 "$pid" 2>/dev/null && [[ $(readlink "/proc/$pid/cwd") == "$services/$1" ]]
}

# What they hold is thrown away, so they are not asked to put it in order first.
stop_service() {
    local name=$1 pid
    if service_runs "$name"; then
        pid=$(<"$services/$name/pid")
        kill -KILL -- "-$pid" 2>/dev/null || kill -KILL "$pid" 2>/dev/null || true
        while service_runs "$name"; do sleep 0.05; done
    fi
    [[ ! -s $services/$name/port ]] || remove_weed_sockets "$(<"$services/$name/port")"
    rm -rf "${services:?}/$name"
}

# It makes them in /tmp, wherever else it is told to keep its files.
remove_weed_sockets() {
    local port
    for ((port = $1; port < $1 + 5; port++)); do
        rm -f /tmp/seaweedfs-*-"$port".sock /tmp/seaweedfs-*-"$((port + 10000))".sock
    done
}

# --- What they need

# Keys and endpoints in the environment (AWS_CA_BUNDLE, AWS_PROFILE, …) would change what is tested.
forget_cloud_settings() {
    local name
    for name in $(compgen -e); do
        case $name in
            AWS_* | MINIO_*) [[ $name == MINIO_ROOT_* || $name == MINIO_BROWSER || $name == MINIO_UPDATE ]] || unset "$name" ;;
        esac
    done
}

# Ports are taken from below the range out of which the system serves outgoing connections.
free_port() {
    local port
    while :; do
        port=$((12000 + RANDOM % 8000))
        port_is_free "$port" && break
    done
    printf '%s\n' "$port"
}

free_port_block() {
    local first port
    while :; do
        first=$((12000 + RANDOM % 800 * 10))
        for ((port = first; port < first + 5; port++)); do
            if ! port_is_free "$port" || ! port_is_free $((port + 10000)); then continue 2; fi
        done
        break
    done
    printf '%s\n' "$first"
}

port_is_free() { ! (exec 8<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# An authority and a server certificate, made anew when they are about to end.
make_certificates() {
    local dir=$1
    if openssl x509 -checkend 86400 -noout -in "$dir/public.crt" >/dev/null 2>&1; then return; fi
    rm -rf "$dir"
    mkdir -p "$dir"
    chmod 700 "$dir"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 365 -subj '/CN=imgn test authority' \
        -addext 'basicConstraints=critical,CA:TRUE' -addext 'keyUsage=critical,keyCertSign,cRLSign' \
        -keyout "$dir/ca.key" -out "$dir/ca.crt" 2>/dev/null
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=localhost' \
        -keyout "$dir/private.key" -out "$dir/server.csr" 2>/dev/null
    openssl x509 -req -in "$dir/server.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -CAcreateserial -days 365 -out "$dir/public.crt" \
        -extfile <(printf 'basicConstraints=CA:FALSE\nkeyUsage=digitalSignature\nextendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\n') 2>/dev/null
    rm "$dir/server.csr" "$dir/ca.srl"
}
