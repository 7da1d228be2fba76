#!/usr/bin/env bash
# Installs the Debian packages that the tests use, and those of the programs in its arguments, whose packages have the same
# names. Without permission to install, lists the missing ones. Prints and changes nothing if all are there.
set -euo pipefail

# Looks for programs, not packages: the administrator may have installed them another way.
declare -A package_of=(
  [apache2]=apache2
  [apt-ftparchive]=apt-utils
  [apt-get]=apt
  [apt-listchanges]=apt-listchanges
  [apt-mirror]=apt-mirror
  [aptly]=aptly
  [bzip2]=bzip2
  [caddy]=caddy
  [debmirror]=debmirror
  [debootstrap]=debootstrap
  [dose-debcheck]=dose-distcheck
  [dpkg-deb]=dpkg
  [dpkg-parsechangelog]=dpkg-dev
  [dpkg-scanpackages]=dpkg-dev
  [fish]=fish
  [gpg]=gnupg
  [gpg-agent]=gnupg
  [gpgv]=gpgv
  [groff]=groff-base
  [lz4]=lz4
  [mkfs.ext4]=e2fsprogs
  [mkfs.xfs]=xfsprogs
  [mmdebstrap]=mmdebstrap
  [nginx]=nginx-light
  [openssl]=openssl
  [perl]=perl-base
  [pip3]=python3-pip
  [promtool]=prometheus
  [reprepro]=reprepro
  [rsync]=rsync
  [strace]=strace
  [systemd-analyze]=systemd
  [tmux]=tmux
  [xz]=xz-utils
  [zsh]=zsh
  [zstd]=zstd
)

for program in "$@"; do package_of[$program]=$program; done

# Some are in sbin, which is not on the PATH of every user.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

missing_packages() {
  for program in "${!package_of[@]}"; do
    command -v "$program" >/dev/null || echo "${package_of[$program]}"
  done
  /usr/bin/python3 -c 'import apt_pkg' 2>/dev/null || echo python3-apt
  [[ -e /usr/share/bash-completion/bash_completion ]] || echo bash-completion
}

mapfile -t missing < <(missing_packages | sort -u)
[[ ${#missing[@]} -gt 0 ]] || exit 0

if [[ $(id -u) -ne 0 ]] || ! command -v apt-get >/dev/null; then
  echo "These Debian packages are needed and not installed: ${missing[*]}" >&2
  echo "Install them with: sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi

# The packages of web servers start them on port 80; the tests start their own. An existing policy is the
# administrator's and stays.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 0755 "$policy"
fi

echo "Installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
apt-get -qq install --yes --no-install-recommends "${missing[@]}" >/dev/null
