import difflib

from hypothesis import given
from hypothesis import strategies as st

from asky_gitops.findings.masked_diff import masked_diff

BEFORE = """\
kind: Secret
stringData:
  PASSWORD: hunter2-old
spec:
  storage: 1Gi
  image: a
"""
AFTER = BEFORE.replace("hunter2-old", "hunter2-new").replace("1Gi", "2Gi")


def test_a_changed_secret_shows_as_a_changed_mask_and_the_rest_as_it_is() -> None:
    assert masked_diff("base/x.yaml", BEFORE, AFTER, context=1) == [
        "--- a/base/x.yaml",
        "+++ b/base/x.yaml",
        "@@ -2,5 +2,5 @@",
        " stringData:",
        "-  PASSWORD: ••••",
        "+  PASSWORD: ••••",
        " spec:",
        "-  storage: 1Gi",
        "+  storage: 2Gi",
        "   image: a",
    ]


def test_a_new_and_a_removed_file_are_a_diff_against_nothing() -> None:
    assert masked_diff("a.yaml", None, "kind: A\n") == [
        "--- /dev/null",
        "+++ b/a.yaml",
        "@@ -0,0 +1 @@",
        "+kind: A",
    ]
    assert masked_diff("a.yaml", "kind: A\n", None) == [
        "--- a/a.yaml",
        "+++ /dev/null",
        "@@ -1 +0,0 @@",
        "-kind: A",
    ]


def test_equal_texts_have_no_diff() -> None:
    assert masked_diff("a.yaml", BEFORE, BEFORE) == []


lines = st.lists(
    st.sampled_from(["kind: A", "kind: B", "namespace: a", "storage: 1Gi", "", "spec:"]), max_size=12
)


@given(lines, lines, st.integers(0, 3))
def test_where_nothing_is_secret_it_is_the_diff_of_the_standard_library(
    old: list[str], new: list[str], context: int
) -> None:
    expected = list(difflib.unified_diff(old, new, "a/x.yaml", "b/x.yaml", n=context, lineterm=""))

    assert (
        masked_diff("x.yaml", "\n".join(old) + "\n" * bool(old), "\n".join(new) + "\n" * bool(new), context)
        == expected
    )
