"""`python -m tools.bundle`: fill `asky_gitops/_bundled/` of this checkout (`make engine`)."""

import sys
from pathlib import Path

from tools.bundle.build import bundle

if __name__ == "__main__":
    root = Path(__file__).resolve().parents[2]
    bundle(root, root / "asky_gitops" / "_bundled")
    sys.exit(0)
