from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from asky_gitops.adapters.yaml_edit import read_mapping, with_keys
from asky_gitops.errors import InputError

OWNED = ("namespace", "resources", "components")
ENTRY = """\
# who reads this
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization   # an entry

resources:
# the base
- ../../base   # shared
- ../../sql/migrations
namespace: asky  # one place

# ours last
components:
- generated
- custom

# bots own this
images:
    - name: "ghcr.io/acme/auth"
      newTag: '1.4.2'   # by CI
replicas: [{name: auth, count: 3}]
"""


def edited(text: str, **values: object) -> str:
    return with_keys(text, {"namespace": "asky", **values}, OWNED, "overlays/eks/kustomization.yaml")


def test_setting_keys_to_what_they_are_changes_no_byte() -> None:
    values = {"resources": ["../../base", "../../sql/migrations"], "components": ["generated", "custom"]}

    assert edited(ENTRY, **values) == ENTRY


def test_a_list_gains_and_loses_items_and_every_other_byte_stays() -> None:
    values = {"namespace": "shop", "resources": ["../../base", "../../sql/seeds"], "components": ["custom"]}

    assert (
        edited(ENTRY, **values)
        == """\
# who reads this
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization   # an entry

resources:
# the base
- ../../base   # shared
- ../../sql/seeds
namespace: shop  # one place

# ours last
components:
- custom

# bots own this
images:
    - name: "ghcr.io/acme/auth"
      newTag: '1.4.2'   # by CI
replicas: [{name: auth, count: 3}]
"""
    )


def test_a_comment_above_an_item_that_goes_is_kept() -> None:
    assert edited("resources:\n# why\n- a\n- b\nnamespace: asky\n", resources=["b"]) == (
        "resources:\n- b\n# why\nnamespace: asky\n"
    )


def test_a_missing_key_is_put_behind_ours_before_it_and_a_superfluous_one_goes() -> None:
    text = "kind: Kustomization\nresources:\n- a\n\nimages: []\ncomponents: [x]\n"

    assert with_keys(text, {"namespace": "on", "resources": ["a"]}, OWNED, "k.yaml") == (
        'kind: Kustomization\nnamespace: "on"\nresources:\n- a\n\nimages: []\n'
    )


@pytest.mark.parametrize(
    "resources",
    [
        "resources: [a,\n  b]",
        "resources:\n    - a\n    - 'b'",
        'resources:\n- "a"\n\n- b  # x',
        "resources:",
        "resources: []",
    ],
)
def test_any_form_of_a_list_can_be_changed(resources: str) -> None:
    text = f"# top\n{resources}\nimages: []  # end\n"

    after = with_keys(text, {"resources": ["a", "c"]}, OWNED, "k.yaml")

    assert YAML(typ="safe").load(after) == {"resources": ["a", "c"], "images": []}
    assert after.startswith("# top\nresources:")
    assert after.endswith("images: []  # end\n")


def test_a_file_in_flow_form_is_changed_too() -> None:
    after = with_keys(
        '{"kind": "Kustomization", "resources": ["a"], "images": []}', {"resources": ["b"]}, OWNED, "k"
    )

    assert YAML(typ="safe").load(after) == {"kind": "Kustomization", "resources": ["b"], "images": []}


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ("a: [", "k.yaml:1:5", "not valid YAML: expected the node content, but found '<stream end>'"),
        ("a: 1\na: hunter2", "k.yaml:2:1", "a key occurs twice"),
        ("- a", "k.yaml", "a mapping with keys is needed here"),
        ("", "k.yaml", "a mapping with keys is needed here"),
        ("a: 1\n---\nb: 2", "k.yaml:2:1", "not valid YAML: but found another document"),
        ("a: \x01", "k.yaml", "not valid YAML: ReaderError"),
    ],
)
def test_what_cannot_be_read_is_one_line_with_its_place_and_no_value(
    text: str, where: str, message: str
) -> None:
    with pytest.raises(InputError) as error:
        read_mapping(text, "k.yaml")

    assert (error.value.where, error.value.message) == (where, message)


names = st.sampled_from(["a", "b", "c", "../../base", "on", "012", "d e"])
lists = st.lists(names, max_size=4, unique=True)
notes = st.sampled_from(["", "  # note"])


@st.composite
def entries(draw: st.DrawFn) -> str:
    parts = []
    for key in draw(st.permutations(["namespace", "resources", "components", "images"])):
        parts += draw(st.lists(st.sampled_from(["# above", ""]), max_size=2))
        if key == "images":
            parts.append(f"images:{draw(notes)}\n- name: x{draw(notes)}\n  newTag: '012'")
        elif key == "namespace" and draw(st.booleans()):
            parts.append(f"namespace: 'x'{draw(notes)}")
        elif key != "namespace" and draw(st.booleans()):
            indent = draw(st.sampled_from(["", "  "]))
            items = [f"{indent}- '{item}'{draw(notes)}" for item in draw(lists)]
            parts.append("\n".join([f"{key}:{draw(notes)}", *items]))
    return "\n".join(parts) + draw(st.sampled_from(["", "\n", "\n# end\n"]))


@settings(max_examples=300, deadline=None)
@given(entries(), st.dictionaries(st.sampled_from(["resources", "components"]), lists), st.none() | names)
def test_our_keys_are_set_the_users_keys_and_comment_lines_stay(
    text: str, values: dict[str, Any], namespace: str | None
) -> None:
    values = values if namespace is None else {**values, "namespace": namespace}

    after = with_keys(text, values, OWNED, "k.yaml")

    assert dict(read_mapping(after, "k.yaml")) == {"images": [{"name": "x", "newTag": "012"}], **values}
    assert [line for line in after.split("\n") if line.startswith("#")] == [
        line for line in text.split("\n") if line.startswith("#")
    ]
    assert with_keys(after, values, OWNED, "k.yaml") == after
