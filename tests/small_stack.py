"""The smallest stack with a service, a database and an overlay, as a user would have it on disk."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPEC = """\
apiVersion: asky-gitops.dev/v1alpha1
kind: Stack
metadata: {name: asky}
source: {repoURL: https://git.example.org/asky/deploy.git}
database: {}
services:
  gateway: {image: ghcr.io/acme/gateway:1.0.0, port: 8000, calls: [auth], public: {host: asky.local}}
  auth: {image: ghcr.io/acme/auth:1.0.0, port: 8003, database: true}
overlays:
  minikube: {platform: minikube}
"""
MIGRATION = """\
-- migrate:up
CREATE SCHEMA auth;
-- migrate:down
DROP SCHEMA auth;
"""


def write_small_stack(folder: Path) -> Path:
    """Write the spec, the pins and one migration into a folder."""
    (folder / "sql/migrations").mkdir(parents=True)
    (folder / "sql/migrations/0001_schemas.sql").write_text(MIGRATION)
    (folder / "asky.yaml").write_text(SPEC)
    shutil.copyfile(ROOT / "asky.lock", folder / "asky.lock")
    return folder


def change(folder: Path, path: str, old: str, new: str) -> None:
    """Replace a text in a file; it must be there."""
    text = (folder / path).read_text()
    assert old in text, f"{path} does not hold {old!r}"
    (folder / path).write_text(text.replace(old, new))
