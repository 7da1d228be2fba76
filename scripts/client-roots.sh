#!/usr/bin/env bash
# Makes a root directory for each newer apt that the tests use as a client: .cache/roots/trixie (apt 3.0, which checks
# signatures with sqv) and .cache/roots/forky (apt 3.3). Prints and changes nothing if they are there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

roots=.cache/roots
# A root records the recipe that made it. A change of this script makes the roots again.
recipe=$(sha256sum "scripts/$(basename "${BASH_SOURCE[0]}")" | cut -d' ' -f1)

find_missing() {
  missing=()
  for suite in trixie forky; do
    [[ $(cat "$roots/$suite/recipe" 2>/dev/null) == "$recipe" ]] || missing+=("$suite")
  done
}

find_missing
[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ $(id -u) -ne 0 ]]; then
  echo "The tests run the apt of Debian ${missing[*]} in root directories below $roots, which only root can make." >&2
  echo "Make them with: sudo scripts/client-roots.sh" >&2
  exit 1
fi

mkdir -p "$roots"
exec 9>"$roots/.lock"
flock 9
find_missing # another run may have made them meanwhile
# Drafts of an interrupted run.
rm -rf "$roots"/.draft.*

# The archive and the proxies that this machine's apt uses.
uris=$(apt-get indextargets --format '$(REPO_URI)')
mirror=$(grep -m1 -E '/debian/?$' <<<"$uris" || echo http://deb.debian.org/debian)
apt-config dump Acquire::http Acquire::https >"$roots/.network.conf"

make_root() {
  local suite=$1
  local draft=$roots/.draft.$suite
  # Extracting is enough for apt, runs no code of the packages, and needs no mounts. A copy of forky may be past its
  # Valid-Until.
  if ! mmdebstrap --mode=root --variant=extract --include=apt,base-files,dpkg --skip=chroot/mount \
    --aptopt="$roots/.network.conf" --aptopt='Acquire::Languages "none"' \
    --aptopt='Acquire::Check-Valid-Until "false"' "$suite" "$draft" "$mirror" >"$draft.log" 2>&1; then
    echo "Cannot make a root directory of Debian $suite from $mirror, which the tests of newer apt clients need:" >&2
    cat "$draft.log" >&2
    return 1
  fi
  echo "$recipe" >"$draft/recipe"
  rm -rf "${roots:?}/$suite"
  mv "$draft" "$roots/$suite"
}

echo "Making root directories of Debian ${missing[*]} in $roots"
makers=()
for suite in "${missing[@]}"; do
  make_root "$suite" &
  makers+=($!)
done
status=0
for maker in "${makers[@]}"; do wait "$maker" || status=1; done
rm -rf "$roots"/.draft.* "$roots/.network.conf"
exit "$status"
