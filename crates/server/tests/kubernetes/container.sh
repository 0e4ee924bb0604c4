# One container's root: the image, the volumes in their places, and nothing that can be written to but those.
#   ROOT MOUNTS USER GROUP GROUPS COMMAND…        a line of MOUNTS: rw|ro FROM AT
set -eu
root=$1 mounts=$2 user=$3 group=$4 groups=$5
shift 5
mount --bind "$root" "$root"
while read -r mode from at; do
    mount --bind "$from" "$root$at"
    if [ "$mode" = ro ]; then mount -o remount,bind,ro "$root$at"; fi
done <"$mounts"
for device in null zero full random urandom; do
    mount --bind "/dev/$device" "$root/dev/$device"
done
mount -t proc proc "$root/proc"
mount -o remount,bind,ro "$root"
exec setpriv --no-new-privs chroot --userspec="$user:$group" --groups="$groups" "$root" "$@"
