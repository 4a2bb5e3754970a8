package lib.kubernetes_test

import data.lib.kubernetes

pod := {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}

test_the_input_may_be_a_target_a_manifest_or_a_combination if {
	[pod] == kubernetes.objects with input as {"items": [pod, "text", null]}
	[pod] == kubernetes.objects with input as pod
	[pod] == kubernetes.objects with input as [{"path": "a.yaml", "contents": pod}]
	[] == kubernetes.objects with input as "text"
}

test_lists_are_taken_apart if {
	[pod, pod] == kubernetes.objects with input as {"items": [pod, {"kind": "PodList", "items": [pod, 5]}]}
	[pod] == kubernetes.objects with input as {"kind": "List", "items": [pod]}
}

test_what_only_has_items_is_one_object if {
	bundle := {"kind": "Bundle", "items": [pod]}
	[bundle] == kubernetes.objects with input as {"items": [bundle]}
	[bundle] == kubernetes.objects with input as bundle
}

test_items_that_are_no_list_are_not_taken_apart if {
	odd := {"kind": "PodList", "items": {"a": pod}}
	[odd] == kubernetes.objects with input as {"items": [odd]}
	[{"items": {"a": pod}}] == kubernetes.objects with input as {"items": {"a": pod}}
}

test_an_annotation_is_a_string if {
	kubernetes.annotations({"metadata": {"annotations": {"a": 1, "b": "c"}}}) == {"b": "c"}
}

test_a_source_is_an_object if {
	kubernetes.sources == [{"file": "a.yaml"}] with input as {"sources": ["a.yaml", {"file": "a.yaml"}, 7]}
}

test_a_version_that_nobody_can_read_is_none if {
	kubernetes.minors == {34} with input as {"config": {"kubernetes": ["1.34", "latest", "2.1", 1.35]}}
}

test_a_look_up_answers_whatever_the_type if {
	every odd in ["text", 5, null, [], {"metadata": "text"}, {"metadata": {"name": 5, "annotations": []}}] {
		kubernetes.name(odd) == ""
		kubernetes.kind(odd) == ""
		kubernetes.group(odd) == ""
		kubernetes.namespace(odd) == "default"
		kubernetes.annotations(odd) == {}
		kubernetes.list(odd, ["spec"]) == []
		kubernetes.value(odd, ["spec"], 7) == 7
	}
}

test_a_look_up_of_another_type_finds_nothing if {
	odd := {"spec": "text", "metadata": 5}
	kubernetes.list(odd, ["spec"]) == []
	kubernetes.map(odd, ["spec"]) == {}
	kubernetes.text(odd, ["metadata"]) == ""
}

test_a_setting_has_a_value_when_nobody_says if {
	kubernetes.setting("a", 1) == 1 with input as {"config": null}
	kubernetes.setting("a", 1) == 1 with input as {"config": {"a": null}}
	kubernetes.setting("a", 1) == 2 with input as {"config": {"a": 2}}
}

container := {"name": "a", "image": "example.org/a:1"}

places := [one.path | some one in kubernetes.pods]

test_a_pod_is_found_once_and_where_its_kind_keeps_it if {
	template := {"spec": {"containers": [container]}}
	deployment := {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": template}}
	places == [["spec", "template", "spec"]] with input as deployment
	volcano := {"apiVersion": "batch.volcano.sh/v1alpha1", "kind": "Job", "spec": {"tasks": [{"template": template}]}}
	places == [["spec", "tasks", 0, "template", "spec"]] with input as volcano
}

test_what_an_operator_adds_to_a_pod_of_its_own_is_no_pod if {
	custom := {"apiVersion": "monitoring.coreos.com/v1", "kind": "Prometheus", "spec": {"containers": [container]}}
	places == [] with input as custom
}
