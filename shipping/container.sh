#!/usr/bin/env bash
# Build the image of dist/ and try it: it checks a bundled site, as nobody in particular, without a network.
#
#   shipping/container.sh                podman, docker or buildah, with the base images of the Containerfile
#   shipping/container.sh --stand-in     buildah and debootstrap, as root: a Debian of the same release stands in for
#                                        both base images, where no registry of images is within reach
set -euo pipefail
cd "$(dirname "$0")/.."
ls dist/aclproof-*.whl > /dev/null 2>&1 || { echo "container.sh: no wheel in dist/: make release first" >&2; exit 2; }
site=$PWD/fixtures/sites/branch
could_not=()

with_engine() {
    local engine=$1
    "$engine" build --file shipping/Containerfile --tag aclproof .
    try() { "$engine" run --rm --network none --read-only --volume "$site:/data:ro" "$@"; }
}

with_buildah() {
    export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
    buildah bud --file shipping/Containerfile --tag aclproof "$@" .
    box=$(buildah from localhost/aclproof)
    trap 'buildah rm "$box" > /dev/null' EXIT
    # buildah starts no entrypoint, and isolates no network with chroot.
    try() { buildah run --volume "$site:/data:ro" "$box" -- /usr/bin/python3 -P -m aclproof "${@:2}"; }
    could_not+=("the entrypoint, a network that is not there and a root that cannot be written: buildah runs without them")
}

debian() {
    local base empty at
    base=$(mktemp -d)
    debootstrap --variant=minbase --include=python3,python3-pip,ca-certificates bookworm "$base" > /dev/null
    empty=$(buildah from scratch)
    at=$(buildah mount "$empty")
    cp --archive "$base/." "$at"
    cp --dereference /etc/ssl/certs/ca-certificates.crt "$at/etc/ssl/certs/"  # as a company's proxy may want it
    rm --recursive --one-file-system "$base"
    buildah commit --quiet "$empty" localhost/bookworm > /dev/null
    buildah rm "$empty" > /dev/null
}

stand_in() {
    export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
    buildah images localhost/bookworm > /dev/null 2>&1 || debian
    could_not+=("the base images themselves: a Debian 12 of debootstrap stood in for both")
    with_buildah --network host --build-arg BUILDER=localhost/bookworm --build-arg RUNTIME=localhost/bookworm
}

if [ "${1:-}" = --stand-in ]; then stand_in
elif command -v podman > /dev/null && podman info > /dev/null 2>&1; then with_engine podman
elif command -v docker > /dev/null && docker info > /dev/null 2>&1; then with_engine docker
elif command -v buildah > /dev/null; then with_buildah
else echo "container.sh: neither podman, docker nor buildah runs here: nothing was built" >&2; exit 3
fi

code=0
said=$(try aclproof check --as-of 2026-01-15) || code=$?
[ "$code" = 1 ] || { echo "container.sh: expected exit code 1 of check, got $code: $said" >&2; exit 1; }
[[ $said == "Installation method"*BLOCKED* ]] || { echo "container.sh: not a report: $said" >&2; exit 1; }
echo "The image was built, and check ran in it as it does here."
for each in "${could_not[@]}"; do echo "Not tried: $each."; done
