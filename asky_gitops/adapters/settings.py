"""The settings of the rules: `checks:` of the spec, or the same keys in `.asky-gitops.yaml` elsewhere."""

from pathlib import Path

from asky_gitops.adapters import spec_document, spec_resolve, spec_yaml
from asky_gitops.adapters.spec_decode import Complaints, judge
from asky_gitops.errors import Many
from asky_gitops.model.defaults import section
from asky_gitops.model.stack import Checks, Stack

FILE = ".asky-gitops.yaml"


def load(root: Path, stack: Stack | None) -> Checks:
    """Return the stack's settings; without a stack those of `.asky-gitops.yaml` in `root`, or the defaults.

    Raises InputError or Many of it for a file that cannot be read or says something unknown.
    """
    if stack is not None:
        return stack.checks
    path = root / FILE
    if not path.exists() and not path.is_symlink():
        return spec_resolve.built(section("checks"), Checks)
    located = spec_yaml.parse(spec_yaml.read(path, FILE), FILE)
    complaints = Complaints(located)
    if isinstance(located.data, dict) and "checks" in located.data:
        complaints.add(
            ("checks",), "`checks:` belongs to asky.yaml; here its keys stand at the top", key=True
        )
    else:
        judge(located, spec_document.Checks, complaints)
    if complaints.errors:
        raise Many(complaints.errors)
    return spec_resolve.built(spec_resolve.merged(section("checks"), located.data), Checks)
