#!/usr/bin/env bash
# A bundle for Linux unpacked, started and used where there is no network but loopback, and every attempt to reach further shown.
#
#     tests/offline.sh ARCHIVE [PYTHON]      PYTHON has playwright; default python3
#
# Needs unshare and ip, and strace for the second proof. Where namespaces are not allowed it says so and ends well, unless
# GENOMICS_TUTOR_OFFLINE_REQUIRED=1.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
archive="$(readlink -f "$1")"
python="${2:-python3}"
unshare=(unshare --net --map-root-user)
[ "$(id -u)" -ne 0 ] || unshare=(unshare --net)

if ! "${unshare[@]}" ip link set lo up 2>/dev/null; then
    echo "This user may not take the network away (unshare --net, ip); the bundle was not tried without one."
    [ "${GENOMICS_TUTOR_OFFLINE_REQUIRED:-}" != 1 ] || exit 1
    exit 0
fi

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
tar -xzf "$archive" -C "$scratch"
# A folder with a space and Chinese characters, as people have them.
mkdir "$scratch/机房 1"
mv "$scratch/genomics-tutor" "$scratch/机房 1/"
"${unshare[@]}" bash -c 'ip link set lo up && exec "$@"' offline "$python" "$here/offline_use.py" "$scratch/机房 1/genomics-tutor"
