#!/usr/bin/env bash
# Container images of the release in dist/, for amd64 and arm64, as OCI archives
# beside it. Each holds the static program of its archive and nothing else, so no
# other image is fetched. With --check the programs are looked at in their images, and
# the one for this machine is run. ARCHS=amd64 makes one alone.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
store() { buildah --root "$scratch/store" --runroot "$scratch/run" "$@"; }
container=
trap '[ -z "$container" ] || store rm "$container" >/dev/null; rm -rf "$scratch"' EXIT

mkdir -p "$scratch/context/state"
for arch in ${ARCHS:-amd64 arm64}; do
	archive=$(ls dist/vpsnet-mcp_*_linux_"$arch".tar.gz)
	mkdir -p "$scratch/context/linux/$arch"
	tar -C "$scratch/context/linux/$arch" -xzf "$archive" vpsnet-mcp
	store build --quiet --platform "linux/$arch" --timestamp 0 --tag "vpsnet-mcp:$arch" --file Dockerfile "$scratch/context" >/dev/null
	image=${archive%.tar.gz}.oci.tar
	rm -f "$image"
	store push --quiet "vpsnet-mcp:$arch" "oci-archive:$image:vpsnet-mcp"
	echo "image: $image"
done
[ "${1:-}" = --check ] || exit 0

# machine PROGRAM: the machine that a program is for, as its ELF header says.
machine() { od -An -tx1 -j18 -N1 "$1" | tr -d ' '; }
own=$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')
for arch in ${ARCHS:-amd64 arm64}; do
	store inspect --type image "vpsnet-mcp:$arch" >"$scratch/about"
	[ "$(jq -r '.OCIv1.architecture + " " + .OCIv1.config.User' "$scratch/about")" = "$arch 65532:65532" ] || { cat "$scratch/about"; exit 1; }
	container=$(store from --platform "linux/$arch" "vpsnet-mcp:$arch")
	root=$(store mount "$container")
	expected=3e # x86-64
	[ "$arch" = amd64 ] || expected=b7 # AArch64
	[ "$(machine "$root/vpsnet-mcp")" = "$expected" ] || { echo "image: the program in the image of $arch is for another machine"; exit 1; }
	[ "$(stat -c %u "$root/state")" = 65532 ] || { echo "image: /state is not nobody's"; exit 1; }
	if [ "$arch" = "$own" ]; then
		store run "$container" -- /vpsnet-mcp version
		store run "$container" -- /vpsnet-mcp call list_cloud_servers --sandbox --state-dir /state | grep web01 >/dev/null
		if store run "$container" -- /vpsnet-mcp --sandbox --transport http --tokens /etc/vpsnet-mcp/tokens.yaml --state-dir /state 2>"$scratch/said"; then
			echo "image: it starts without its files"
			exit 1
		fi
		grep -q /etc/vpsnet-mcp/tokens.yaml "$scratch/said" || { cat "$scratch/said"; exit 1; }
		echo "image: runs as $(store run "$container" -- /vpsnet-mcp version | cut -d' ' -f1) of $arch, as nobody"
	fi
	store rm "$container" >/dev/null
	container=
done
