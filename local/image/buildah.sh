#!/bin/sh
# skaffold's custom builder where there is no Docker: buildah.sh <context>. Skaffold sets IMAGE and PUSH_IMAGE.
# BUILDAH_OPTIONS are handed on, for a machine that needs some: "--isolation chroot --network host".
set -eu
# shellcheck disable=SC2086 # several words
buildah bud --layers ${BUILDAH_OPTIONS:-} --target dev --build-arg CONTEXT="$1" --tag "$IMAGE" .
[ "${PUSH_IMAGE:-false}" = true ] || exit 0
case $IMAGE in
localhost:* | 127.0.0.1:*) buildah push --tls-verify=false "$IMAGE" ;;
*) buildah push "$IMAGE" ;;
esac
