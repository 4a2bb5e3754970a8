#!/usr/bin/env bash
# `make e2e`: builds (once) what the end-to-end tests run, then runs them. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH=$PWD/.venv/bin:$PATH
for part in .venv/bin/python asky_gitops/_bundled/crds; do
  [ -e "$part" ] || { echo "error: $part is missing" >&2; echo "hint: make dev engine" >&2; exit 3; }
done
case ${XDG_CACHE_HOME:-$HOME/.cache}/ in
  /tmp/* | /run/* | /var/run/*) # pods have volumes of their own there, which hide the programs
    echo "error: the pods' programs cannot be kept under ${XDG_CACHE_HOME:-$HOME/.cache}" >&2
    echo "hint: XDG_CACHE_HOME=<a folder outside /tmp and /run>" >&2
    exit 3 ;;
esac
ASKY_GITOPS_E2E_PROGRAMS=$(tests/cluster/build.sh)
export ASKY_GITOPS_E2E_PROGRAMS
[ $# -gt 0 ] || set -- --numprocesses=3 --durations=25 tests/e2e
exec python -m pytest -p no:cacheprovider "$@"
