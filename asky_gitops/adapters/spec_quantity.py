"""Kubernetes quantities: read, compare, print canonically, and guess what a wrong one meant.

Grammar and canonical form: k8s.io/apimachinery/pkg/api/resource, `Quantity`. Argo CD does not normalise
quantities inside custom resources, so what is written must already be canonical.
"""

import math
import re
from fractions import Fraction

DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
BINARY = {"Ki": 1, "Mi": 2, "Gi": 3, "Ti": 4, "Pi": 5, "Ei": 6}
NUMBER = r"[0-9]+(?:\.[0-9]+)?"
PATTERN = rf"{NUMBER}(?:[numkMGTPE]|[KMGTPE]i)?"
GUESS = re.compile(r"([0-9]+(?:[.,][0-9]+)?)([a-z]*)", re.IGNORECASE)


def amount(text: str) -> Fraction:
    """Return the exact value of a quantity in cores or bytes; raise `ValueError` when it is none."""
    if len(text) > 32 or not re.fullmatch(PATTERN, text):
        raise ValueError(text)
    number = text.rstrip("numkMGTPEKi")
    suffix = text[len(number) :]
    if suffix in BINARY:
        return Fraction(number) * Fraction(1024 ** BINARY[suffix])
    return Fraction(number) * Fraction(10) ** DECIMAL[suffix]


def canonical(text: str) -> str:
    """Return the form the API server prints: `1000m` is `1`, `1024Mi` is `1Gi`.

    It rounds up to billionths, as the API server does.
    """
    value = Fraction(math.ceil(amount(text) * 10**9), 10**9)
    if text.endswith("i") and value.denominator == 1:
        for suffix, power in reversed(BINARY.items()):
            if value and value % 1024**power == 0:
                return f"{value // 1024**power}{suffix}"
        return str(value)
    for suffix, exponent in reversed(DECIMAL.items()):
        scaled = value / Fraction(10) ** exponent
        if value and scaled.denominator == 1:
            return f"{scaled}{suffix}"
    return "0"


def guess(text: str, cores: bool) -> str | None:
    """Return the quantity a person most likely meant by a wrong one: `10GB` is `10Gi`, `0,5` is `500m`."""
    match = GUESS.fullmatch(re.sub(r"\s+", "", text))
    if not match or len(text) > 32:
        return None
    number, unit = match[1].replace(",", "."), match[2].lower()
    if cores:
        suffix = {
            "": "",
            "cpu": "",
            "cpus": "",
            "core": "",
            "cores": "",
            "vcpu": "",
            "m": "m",
            "mcpu": "m",
        }.get(unit)
    else:
        suffix = f"{unit[0].upper()}i" if unit and unit[0] in "kmgtpe" else None
    if suffix is None:
        return None
    meant = f"{number}{suffix}"
    return canonical(meant) if amount(meant) else None
