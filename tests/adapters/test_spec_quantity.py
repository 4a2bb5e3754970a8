import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asky_gitops.adapters.spec_quantity import BINARY, DECIMAL, amount, canonical, guess

NUMBERS = st.one_of(
    st.integers(0, 10**9).map(str),
    st.decimals(0, 10**6, places=3).map(lambda number: f"{number:f}"),
)
QUANTITIES = st.builds(lambda number, suffix: number + suffix, NUMBERS, st.sampled_from([*DECIMAL, *BINARY]))


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("1000m", "1"),
        ("1500m", "1500m"),
        ("0.5", "500m"),
        ("1.0", "1"),
        ("0", "0"),
        ("0Gi", "0"),
        ("1024Mi", "1Gi"),
        ("1.5Gi", "1536Mi"),
        ("1000Mi", "1000Mi"),
        ("100000k", "100M"),
        ("1000000", "1M"),
        ("1023", "1023"),
        ("0.5Ki", "512"),
        ("0.0001Ki", "102400u"),
    ],
)
def test_a_quantity_is_printed_as_the_api_server_prints_it(written: str, printed: str) -> None:
    assert canonical(written) == printed


@given(QUANTITIES)
def test_the_canonical_form_keeps_the_amount_to_a_billionth_and_is_its_own_canonical_form(text: str) -> None:
    assert Fraction(0) <= amount(canonical(text)) - amount(text) < Fraction(1, 10**9)
    assert canonical(canonical(text)) == canonical(text)


@pytest.mark.parametrize(
    "text", ["", "Gi", "1 Gi", "1gi", "1GB", "1e3", "-1", "1.", ".5", "1Mi5", "0x1", "1" * 40]
)
def test_what_is_no_quantity_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        amount(text)


@pytest.mark.parametrize(
    ("text", "cores", "meant"),
    [
        ("10GB", False, "10Gi"),
        ("10gb", False, "10Gi"),
        ("10 GiB", False, "10Gi"),
        ("512MB", False, "512Mi"),
        ("512mi", False, "512Mi"),
        ("1,5Gi", False, "1536Mi"),
        ("0,5", True, "500m"),
        ("2 cores", True, "2"),
        ("250M", True, "250m"),
        ("lots", True, None),
        ("0GB", False, None),
    ],
)
def test_a_wrong_quantity_suggests_what_it_most_likely_meant(
    text: str, cores: bool, meant: str | None
) -> None:
    assert guess(text, cores) == meant


@given(st.text(max_size=40), st.booleans())
def test_every_suggestion_is_a_quantity(text: str, cores: bool) -> None:
    if (meant := guess(text, cores)) is not None:
        assert amount(meant) > Fraction(0)
        assert canonical(meant) == meant
