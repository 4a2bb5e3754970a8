"""The frame of a page of ours: one file, no request to anywhere, no script but its own."""

import base64
import hashlib
from html import escape
from importlib import resources


def page(title: str, body: str, totals: str) -> str:
    """Return a whole document; `body` and `totals` are HTML. It admits its own style and script alone."""
    style, script = _file("page.css"), _file("page.js")
    allowed = (
        f"default-src 'none'; style-src 'sha256-{_digest(style)}'; script-src 'sha256-{_digest(script)}'"
    )
    return f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{allowed}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>asky-gitops: {escape(title)}</title>
<style>{style}</style>
</head>
<body>
<header><h1>asky-gitops <small>{escape(title)}</small></h1>{totals}</header>
<main>
{body}
</main>
<script>{script}</script>
</body>
</html>
"""


def _file(name: str) -> str:
    return (resources.files("asky_gitops.formats") / name).read_text("utf-8")


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
