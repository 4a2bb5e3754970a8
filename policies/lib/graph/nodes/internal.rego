package lib.graph.nodes

import data.lib.kubernetes

# What makes a cloud's load balancer internal, by annotation: each cloud provider's own documentation.
internal_annotations := {
	"alb.ingress.kubernetes.io/scheme": `^internal$`,
	"appgw.ingress.kubernetes.io/use-private-ip": `^true$`,
	"cloud.google.com/load-balancer-type": `^(?i)internal$`,
	"kubernetes.io/ingress.class": `(?i)internal|private`,
	"load-balancer.hetzner.cloud/disable-public-network": `^true$`,
	"metallb.io/address-pool": `(?i)internal|private`,
	"metallb.universe.tf/address-pool": `(?i)internal|private`,
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
	"yandex.cloud/load-balancer-type": `^internal$`,
}

# What names the addresses a load balancer shall have, and who may come, by annotation.
address_annotations := {
	"io.cilium/lb-ipam-ips", "kube-vip.io/loadbalancerIPs", "lbipam.cilium.io/ips", "metallb.io/loadBalancerIPs",
	"metallb.universe.tf/loadBalancerIPs",
}

range_annotations := [
	"service.beta.kubernetes.io/load-balancer-source-ranges",
	"service.beta.kubernetes.io/azure-allowed-ip-ranges",
]

# METADATA
# scope: document
# description: A load balancer Service that the internet cannot reach.
is_internal(spec, annotations) if {
	not is_made_by_aws_controller(spec, annotations)
	some name, pattern in internal_annotations
	regex.match(pattern, annotations[name])
}

is_internal(_, annotations) if {
	some name in address_annotations
	addresses := listed(annotations[name])
	count(addresses) > 0
	every address in addresses {
		is_private(address)
	}
}

# The AWS Load Balancer Controller reads its own scheme alone and makes internal ones unless told otherwise; the in-tree
# one does the reverse.
# Source: https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/
is_internal(spec, annotations) if {
	is_made_by_aws_controller(spec, annotations)
	object.get(annotations, "service.beta.kubernetes.io/aws-load-balancer-scheme", "internal") == "internal"
}

is_internal(spec, _) if regex.match(`^tailscale$|internal`, kubernetes.text(spec, ["loadBalancerClass"]))

is_internal(spec, _) if is_private(kubernetes.text(spec, ["loadBalancerIP"]))

is_internal(spec, annotations) if {
	let_in_few(source_ranges(spec, annotations))
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
} else := [range |
	some name in range_annotations
	some range in listed(annotations[name])
]
