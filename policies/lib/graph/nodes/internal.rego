package lib.graph.nodes

import data.lib.kubernetes

# What makes a cloud's load balancer internal, by annotation: each cloud provider's own documentation.
internal_annotations := {
	"alb.ingress.kubernetes.io/scheme": `^internal$`,
	"appgw.ingress.kubernetes.io/use-private-ip": `^true$`,
	"cloud.google.com/load-balancer-type": `^(?i)internal$`,
	"kubernetes.io/ingress.class": `(?i)internal|private`,
	"load-balancer.hetzner.cloud/disable-public-network": `^true$`,
	"networking.gke.io/load-balancer-type": `^(?i)internal$`,
	"service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type": `^intranet$`,
	"service.beta.kubernetes.io/aws-load-balancer-internal": `^(?:true|0\.0\.0\.0/0)$`,
	"service.beta.kubernetes.io/aws-load-balancer-scheme": `^internal$`,
	"service.beta.kubernetes.io/azure-load-balancer-internal": `^true$`,
	"service.beta.kubernetes.io/do-loadbalancer-network": `^(?i)internal$`,
	"service.beta.kubernetes.io/oci-load-balancer-internal": `^true$`,
	"service.beta.kubernetes.io/openstack-internal-load-balancer": `^true$`,
	"service.beta.kubernetes.io/scw-loadbalancer-private": `^true$`,
	"service.kubernetes.io/ibm-load-balancer-cloud-provider-ip-type": `^private$`,
	"service.kubernetes.io/qcloud-loadbalancer-internal-subnetid": `.`,
}

# METADATA
# scope: document
# description: A load balancer Service that the internet cannot reach.
is_internal(_, annotations) if {
	some name, pattern in internal_annotations
	regex.match(pattern, annotations[name])
}

# The AWS Load Balancer Controller makes internal ones unless told otherwise; the in-tree one does the reverse.
# Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
is_internal(spec, annotations) if {
	is_made_by_aws_controller(spec, annotations)
	object.get(annotations, "service.beta.kubernetes.io/aws-load-balancer-scheme", "internal") == "internal"
}

is_internal(spec, _) if kubernetes.text(spec, ["loadBalancerClass"]) == "tailscale"

is_internal(spec, _) if is_private(kubernetes.text(spec, ["loadBalancerIP"]))

is_internal(spec, annotations) if {
	ranges := source_ranges(spec, annotations)
	count(ranges) > 0
	every range in ranges {
		is_narrow(range)
	}
}

is_made_by_aws_controller(spec, _) if kubernetes.text(spec, ["loadBalancerClass"]) in {
	"eks.amazonaws.com/nlb", "service.k8s.aws/nlb",
}

is_made_by_aws_controller(_, annotations) if {
	annotations["service.beta.kubernetes.io/aws-load-balancer-type"] in {"external", "nlb-ip"}
}

source_ranges(spec, annotations) := ranges if {
	ranges := kubernetes.list(spec, ["loadBalancerSourceRanges"])
	count(ranges) > 0
} else := listed(annotations["service.beta.kubernetes.io/load-balancer-source-ranges"]) if {
	annotations["service.beta.kubernetes.io/load-balancer-source-ranges"]
} else := []

# METADATA
# description: The items of a comma-separated list.
listed(text) := [item | some part in split(text, ","); item := trim_space(part); item != ""]

# METADATA
# scope: document
# description: |
#   A CIDR that is private or names addresses instead of a good part of the internet; what is no CIDR is not narrow.
is_narrow(cidr) if is_private(cidr)

is_narrow(cidr) if {
	regex.match(`^[0-9.]+/(?:1[6-9]|2[0-9]|3[0-2])$`, text(cidr))
}

is_narrow(cidr) if {
	regex.match(`^[0-9a-fA-F:]+/(?:3[2-9]|[4-9][0-9]|1[0-2][0-9])$`, text(cidr))
}

is_private(address) if {
	regex.match(`^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2[0-9]|3[01])\.|100\.(?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.)[0-9.]+(?:/(?:[89]|[12][0-9]|3[0-2]))?$`, text(address))
}

is_private(address) if regex.match(`^f[cd][0-9a-f]{2}:`, lower(text(address)))

text(value) := value if {
	is_string(value)
} else := ""
