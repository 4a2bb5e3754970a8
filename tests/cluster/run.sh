#!/usr/bin/env bash
# `make e2e`: builds (once) what the end-to-end tests run, then runs them. Arguments go to pytest.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH=$PWD/.venv/bin:$PATH
for part in .venv/bin/python asky_gitops/_bundled/crds; do
  [ -e "$part" ] || { echo "error: $part is missing" >&2; echo "hint: make dev engine" >&2; exit 3; }
done
ASKY_GITOPS_E2E_PROGRAMS=$(tests/cluster/build.sh)
export ASKY_GITOPS_E2E_PROGRAMS
[ $# -gt 0 ] || set -- --numprocesses=3 tests/e2e
exec python -m pytest -p no:cacheprovider "$@"
