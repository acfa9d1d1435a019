#!/bin/bash
# Make the virtual environment, with Python's venv module installed first where Debian left it out.
#   make-venv.sh FOLDER PYTHON
set -euo pipefail
folder=$1
python=$2
command -v "$python" >/dev/null || python=python3
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Python 3.11 or newer is needed; $("$python" --version) was found. Set PYTHON=/path/to/python."
  exit 1
}
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
  if [ "$(id -u)" = 0 ]; then
    apt-get update -q >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$package" >/dev/null
  else
    echo "Python's venv module is missing. Install it, then run this again:"
    echo "  sudo apt-get install -y $package"
    exit 1
  fi
fi
"$python" -m venv "$folder"
