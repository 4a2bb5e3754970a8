"""The build hook: a wheel that carries its engine, for the platform it was built for.

Decisions and measurements: docs/packaging.md.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools.bundle.platform_tag import platform_tag
from tools.bundle.toolchain import PACKAGE, find_go


class BundleHook(BuildHookInterface[BuilderConfig]):
    """Builds what ships beside the Python code, and names the platform it fits."""

    def dependencies(self) -> list[str]:
        """Ask for Go as a package where no fitting `go` is on PATH, so that pip alone is enough."""
        return [] if find_go(Path(self.root) / "engine") else [PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build into the source tree for an editable install, into a scratch folder for a wheel."""
        from tools.bundle.build import bundle

        root = Path(self.root)
        build_data["tag"] = f"py3-none-{platform_tag(root / 'engine')}"
        build_data["pure_python"] = False
        if version == "editable":
            bundle(root, root / "asky_gitops" / "_bundled")
            return
        self.scratch = tempfile.TemporaryDirectory(prefix="asky-gitops-")
        target = Path(self.scratch.name) / "_bundled"
        bundle(root, target)
        build_data["force_include"][str(target)] = "asky_gitops/_bundled"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the scratch folder."""
        if version != "editable":
            self.scratch.cleanup()
