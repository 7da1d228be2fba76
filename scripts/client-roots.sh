#!/usr/bin/env bash
# Makes the root directories that the tests use, below .cache/roots. Prints and changes nothing if they are there.
#
# trixie, forky: newer apts as clients, 3.0 (which checks signatures with sqv) and 3.3.
# bookworm-installed, trixie-installed: Debian 12 and 13, in which packages can be installed. The second has
# systemd-sysusers, the first only adduser.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

roots=.cache/roots
# A root records the recipe that made it. A change of this script makes the roots again.
recipe=$(sha256sum "scripts/$(basename "${BASH_SOURCE[0]}")" | cut -d' ' -f1)

find_missing() {
  missing=()
  for root in trixie forky bookworm-installed trixie-installed; do
    [[ $(cat "$roots/$root/recipe" 2>/dev/null) == "$recipe" ]] || missing+=("$root")
  done
}

find_missing
[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ $(id -u) -ne 0 ]]; then
  echo "The tests run programs of Debian in root directories below $roots, which only root can make: ${missing[*]}" >&2
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

# The tests install the package without a network.
dependencies=adduser,libatomic1,libgcc-s1,libstdc++6
without_documents=(--customize-hook='rm -rf "$1"/usr/share/doc/* "$1"/usr/share/locale/* "$1"/usr/share/man/*')

make_root() {
  local root=$1
  local suite=${root%-installed}
  local draft=$roots/.draft.$root
  local options=(--mode=root --skip=chroot/mount --aptopt="$roots/.network.conf" --aptopt='Acquire::Languages "none"')
  case $root in
    # dpkg has configured these. Documents only take space.
    bookworm-installed) options+=(--variant=apt --include="$dependencies" "${without_documents[@]}") ;;
    trixie-installed) options+=(--variant=apt --include="$dependencies,systemd-standalone-sysusers" "${without_documents[@]}") ;;
    # Extracting is enough for apt, and runs no code of the packages. A copy of forky may be past its Valid-Until.
    *) options+=(--variant=extract --include=apt,base-files,dpkg --aptopt='Acquire::Check-Valid-Until "false"') ;;
  esac
  if ! mmdebstrap "${options[@]}" "$suite" "$draft" "$mirror" >"$draft.log" 2>&1; then
    echo "Cannot make the root directory $root of Debian from $mirror, which the tests need:" >&2
    cat "$draft.log" >&2
    return 1
  fi
  echo "$recipe" >"$draft/recipe"
  rm -rf "${roots:?}/$root"
  mv "$draft" "$roots/$root"
}

echo "Making root directories of Debian ${missing[*]} in $roots"
makers=()
for root in "${missing[@]}"; do
  make_root "$root" &
  makers+=($!)
done
status=0
for maker in "${makers[@]}"; do wait "$maker" || status=1; done
rm -rf "$roots"/.draft.* "$roots/.network.conf"
exit "$status"
