#!/bin/bash
# Install the Debian packages that the product needs, or print the one command that does.
#   system-packages.sh run         what rendering needs
#   system-packages.sh run test    and what the tests need
set -euo pipefail

run_packages="poppler-utils libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz0b libharfbuzz-subset0
  fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji libgs-common"
test_packages="qpdf ghostscript chromium chromium-driver libzbar0"

wanted=""
for set in "$@"; do
  name="${set}_packages"
  wanted="$wanted ${!name}"
done

missing=""
for package in $wanted; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

missing=$(echo $missing)
if [ "$(id -u)" = 0 ]; then
  sudo=""
elif sudo -n true 2>/dev/null; then
  sudo="sudo"
else
  echo "These system packages are missing. Install them, then run this again:"
  echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing"
  exit 1
fi
echo "Installing system packages: $missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { $sudo apt-get update -q && $sudo apt-get install -y -q --no-install-recommends $missing; } >"$log" 2>&1; then
  tail -20 "$log"
  echo "The system packages could not be installed. Try by hand:"
  echo "  sudo apt-get update && sudo apt-get install -y --no-install-recommends $missing"
  exit 1
fi
