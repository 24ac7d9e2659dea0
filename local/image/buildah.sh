#!/bin/sh
# skaffold's custom builder where there is no Docker: buildah.sh <context>. Skaffold sets IMAGE and PUSH_IMAGE.
set -eu
buildah bud --target dev --build-arg CONTEXT="$1" --tag "$IMAGE" .
if [ "${PUSH_IMAGE:-false}" = true ]; then buildah push "$IMAGE"; fi
