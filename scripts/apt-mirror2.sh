#!/usr/bin/env bash
# Installs apt-mirror2, which only PyPI has, below .cache for the tests. Prints and changes nothing if it is there.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

wanted=scripts/apt-mirror2.txt
there=.cache/apt-mirror2
cmp -s "$wanted" "$there/wanted.txt" && exit 0

mkdir -p .cache
draft=$(mktemp -d .cache/.apt-mirror2.XXXXXX)
trap 'rm -rf "$draft"' EXIT
# With all that it needs: the Python of this machine lends no modules and gets none.
if ! PIP_DISABLE_PIP_VERSION_CHECK=1 /usr/bin/python3 -m pip install --quiet --no-deps --only-binary :all: --no-compile \
  --target "$draft" --requirement "$wanted" >"$draft/pip.log" 2>&1; then
  echo "Cannot install apt-mirror2 from PyPI, which the tests need:" >&2
  cat "$draft/pip.log" >&2
  exit 1
fi
cp "$wanted" "$draft/wanted.txt"
chmod 0755 "$draft"
rm -rf "$there"
mv -T "$draft" "$there"
trap - EXIT
