"""Keeps secret values out of everything that is printed: what looks like one becomes `••••`.

This is the outer wall. The rules decide what a secret is for a finding; here the doubt decides:
a harmless value that is masked costs a glance at the file, a secret that is printed costs a rotation.
"""

import base64
import binascii
import math
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

MASK = "••••"

HARMLESS = re.compile(
    r"""["']?(?:|true|false|null|~|none|yes|no|on|off|\{\}|\[\]|\$\([^)]*\)|\$\{[^}]*\}|•+)["']?[,;]?""", re.I
)
"""Values that hold nothing, or refer to another place."""

SECRET_KEY = re.compile(
    r"pass(?:wd|word|phrase|code)|(?:^|[^a-z])(?:pwd|pass|pin|jwt|dsn|salt|seed)(?:$|[^a-z])|pgpass|secret|token"
    r"|credential|authorization|bearer|cookie|webhook|connectionstring|conninfo|databaseurl|database_url|dburl"
    r"|(?:api|access|private|signing|encryption|master|shared|account|service|client|license|hmac|aes|rsa|ssh|tls|ca)[-_.]?key"
    r"|_key$|-key$|\.key$|privatekey|keystore|htpasswd|kubeconfig|dockerconfig|\.pem$|\.p12$",
    re.I,
)
"""Names whose value is probably a secret. `ca.key` and `tls.key` are; `ca.crt` is public."""

REFERENCE_KEY = re.compile(
    r"(?:name|names|ref|refs|keyref|path|file|files|class|store|type|kind|audience|ttl|seconds|policy|enabled"
    r"|mode|algorithm|version|length|count|size|rotation|account|mount|provider|generator|secrets|tokens|passwords)$",
    re.I,
)
"""Endings that make it the name of a place or a setting: `secretName`, `POSTGRES_PASSWORD_FILE`."""

_WORD = (
    r"(?:[A-Za-z0-9_.-]{0,80}?(?:pass(?:wd|word|phrase)|secret|token|credential|api[-_]?key|access[-_]?key"
    r"|private[-_]?key|authorization)[A-Za-z0-9_-]{0,40}|[A-Z0-9_]{1,80}_KEY|pwd|pgpass|dsn)"
)
_QUOTED = r"""(?:\\?"(?:[^"\\]|\\.)*"?|\\?'(?:[^']|'')*'?)"""
_PLAIN = r"(?:\$\{[^}]*\}|[^\s,;&{}\[\]\"'])+"
_CLOSE = r"""\\?["']?"""
PATTERNS = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        # scheme://user:password@host; a password may hold any character but a blank
        (r"://[^\s/:@'\"]{0,200}:(?P<value>[^\s'\"]{1,500})@", 0),
        # password=…, "token": "…", --api-key …, SECRET: …
        (
            rf"(?<![A-Za-z0-9_.-])(?P<name>{_WORD}){_CLOSE}\s*(?:=>|[:=])\s*(?P<value>{_QUOTED}|{_PLAIN})",
            re.I,
        ),
        (rf"(?<![A-Za-z0-9_.-])--?(?P<name>{_WORD}){_CLOSE},?\s+(?P<value>{_QUOTED}|{_PLAIN})", re.I),
        # SQL: CREATE ROLE x PASSWORD '…', IDENTIFIED BY '…'
        (rf"(?:password|identified\s+by)\s+(?:e|u&)?(?P<value>{_QUOTED})", re.I),
        (r"(?:password|identified\s+by)\s+\$(?P<tag>\w*)\$(?P<value>.*?)(?:\$(?P=tag)\$|$)", re.I),
        (r"\b(?:bearer|basic)\s+(?P<value>[A-Za-z0-9+/=._~-]{6,})", re.I),
        (r"(?P<value>\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]+){0,2})", 0),
        (r"\b(?P<value>(?:AKIA|ASIA)[0-9A-Z]{16})\b", 0),
        (r"\b(?P<value>(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-)[A-Za-z0-9_-]{10,})", 0),
        (r"\b(?P<value>(?:[sr]k_(?:live|test)_|npm_|pypi-|AIza)[A-Za-z0-9_-]{10,})", 0),
        (r"(?P<value>\$(?:2[aby]|5|6|argon2id?|scrypt)\$[^\s'\"]{8,})", 0),
        (r"-----BEGIN [A-Z ]*PRIVATE KEY-----(?P<value>.*?)(?:-----END|\Z)", re.S),
    )
)
TOKEN = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{20,}={0,2}")
DIGEST = re.compile(r"(?:sha(?:256|512):|v1:)$")
QUOTES = (
    # a manifest quoted in an error: every value of it, at the start of a line or of the quotation
    re.compile(
        r"""(?:\\n|\n|[\[`{,])[ \t]*(?:-[ \t]+)*\\?["']?(?!apiVersion|kind|name\b|namespace|path\b|op\b)"""
        r"""[A-Za-z0-9_./-]+\\?["']?:(?:[ \t]+|(?=["'\\]))(?P<value>(?:(?!\\n|\n).)+)"""
    ),
    # a printed struct or list of literals: FOO=bar
    re.compile(r"(?<![A-Za-z0-9_.-])(?!err=|error=)[A-Za-z_][A-Za-z0-9_.-]*=(?P<value>[^\s\]},]+)"),
    # a value that starts with * or & and is not quoted
    re.compile(r"(?:anchor|alias) [\"'](?P<value>[^\"']*)[\"']"),
    # yaml: cannot unmarshal !!str `…` into …
    re.compile(r"!!\w+ `(?P<value>[^`]*)`"),
    # strconv.ParseInt: parsing "…": …; invalid literal source …, expected key=value
    re.compile(
        r"(?:parsing|invalid syntax:?|literal source|invalid value:?|got:?)\s+"
        r"(?P<value>\\?\"[^\"]*\"|'[^']*'|[^\s,]+)"
    ),
)
"""Where kustomize, a YAML parser or a schema quotes the author's values in an error."""


def secretive(key: str) -> bool:
    """Tell whether a key or variable of this name probably has a secret for a value."""
    plain = key.strip("\"' ")
    return bool(SECRET_KEY.search(plain)) and not REFERENCE_KEY.search(plain)


def random_looking(token: str) -> bool:
    """Tell whether a word of 20 and more characters is too mixed to be a name or a path."""
    mixed = all(re.search(wanted, token) for wanted in ("[a-z]", "[A-Z]", "[0-9]"))
    hexadecimal = re.fullmatch(r"[0-9a-f]{32,}", token) is not None
    counts = Counter(token)
    entropy = -sum(n / len(token) * math.log2(n / len(token)) for n in counts.values())
    return hexadecimal or (mixed and entropy > 3.6)


def spans(text: str) -> list[tuple[int, int]]:
    """Return the ranges of `text` that look like secret values, from 0, the end exclusive."""
    matches = (match for pattern in PATTERNS for match in pattern.finditer(text))
    found = [match.span("value") for match in matches if not REFERENCE_KEY.search(_name(match))]
    for token in TOKEN.finditer(text):
        if random_looking(token[0]) and not DIGEST.search(text[: token.start()]):
            found.append(token.span())
    return [(start, end) for start, end in found if not HARMLESS.fullmatch(text[start:end])]


def _name(match: re.Match[str]) -> str:
    return match.groupdict().get("name") or ""


def masked(text: str, ranges: Iterable[tuple[int, int]]) -> str:
    """Return `text` with every range replaced by one mask; ranges that touch share it."""
    parts, position = [], 0
    for start, end in joined(ranges):
        parts += [text[position:start], MASK]
        position = end
    return "".join([*parts, text[position:]])


def joined(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return sorted ranges in which no two overlap or touch."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        elif start < end:
            result.append((start, end))
    return result


class Redactor:
    """Masks free text: what looks secret, and every value known to be one."""

    def __init__(self, secrets: Iterable[str] = (), hidden: Iterable[str] = ()) -> None:
        """`secrets` are masked wherever they show, in base64 too; `hidden` in foreign words as well.

        Both come from the sources (conceal.py): what is a secret there, and what merely is not shown.
        """
        self._secrets = _any_of(secrets)
        self._hidden = _any_of(hidden)

    def text(self, text: str) -> str:
        """Return our own words without secret values."""
        return masked(text, [*spans(text), *(found.span() for found in self._secrets.finditer(text))])

    def foreign(self, text: str) -> str:
        """Return the words of another program, which may quote a file: only its structure stays."""
        quoted = [
            found.span("value")
            for pattern in QUOTES
            for found in pattern.finditer(text)
            if not HARMLESS.fullmatch(found["value"])
        ]
        hidden = [found.span() for found in self._hidden.finditer(text)]
        known = [found.span() for found in self._secrets.finditer(text)]
        return masked(text, [*spans(text), *known, *hidden, *quoted])


NOTHING = re.compile(r"(?!)")


def _any_of(values: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for any of the values as a whole word, the longest first."""
    forms = {form for value in values for form in _forms(value)}
    words = "|".join(re.escape(form) for form in sorted(forms, key=lambda form: (-len(form), form)))
    return re.compile(rf"(?<![A-Za-z0-9])(?:{words})(?![A-Za-z0-9])") if words else NOTHING


def _forms(value: str) -> set[str]:
    """Return the value, and what it is encoded or decoded."""
    forms = {value, base64.b64encode(value.encode("utf-8", "surrogatepass")).decode()}
    with suppress(binascii.Error, ValueError):
        forms.add(base64.b64decode(value, validate=True).decode())
    return {form for form in forms if len(form) >= 4 and form.isprintable()}
