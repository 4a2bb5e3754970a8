package lib.graph.nodes

private_blocks := {
	"10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "::1/128",
	"fc00::/7", "fe80::/10",
}

# METADATA
# description: The items of a comma-separated list.
listed(text) := [item | some part in split(text, ","); item := trim_space(part); item != ""]

# METADATA
# description: |
#   Ranges that let in a few addresses or private ones alone. Nothing listed lets in everybody, and so might what is no
#   range.
let_in_few(ranges) if {
	count(ranges) > 0
	count(wide(ranges)) == 0
}

# METADATA
# description: |
#   Those of several ranges that hold a good part of the internet, be it together with their neighbours, and those that
#   nobody can read.
wide(ranges) := {range |
	public := {cidr | some range in ranges; cidr := block(range); not is_private(cidr)}
	together := {merged | some merged in net.cidr_merge(public); is_broad(merged)}
	some range in ranges
	is_in_any(range, together)
}

is_in_any(range, blocks) if {
	cidr := block(range)
	some broad in blocks
	net.cidr_contains(broad, cidr)
}

is_in_any(range, _) if not block(range)

# METADATA
# description: |
#   What is left of a range without others, and without what is private, is still a good part of the internet.
is_wide_without(range, others) if {
	cidr := block(range)
	taken := net.cidr_merge(private_blocks | {other | some given in others; other := block(given)})
	not is_covered(cidr, taken)
	inside := sum([size(other) | some other in taken; net.cidr_contains(cidr, other)])
	size(cidr) - inside >= broad_size[family(cidr)]
}

is_covered(cidr, blocks) if {
	some around in blocks
	net.cidr_contains(around, cidr)
}

# More than a /16 of IPv4 or a /32 of IPv6, which is what one provider is given, is not a few any more.
broad_size := {"4": bits.lsh(1, 17), "6": bits.lsh(1, 97)}

is_broad(cidr) if size(cidr) >= broad_size[family(cidr)]

size(cidr) := bits.lsh(1, bits_of[family(cidr)] - to_number(split(cidr, "/")[1]))

bits_of := {"4": 32, "6": 128}

family(cidr) := "6" if {
	contains(cidr, ":")
} else := "4"

# METADATA
# scope: document
# description: An address or a range that the internet does not route.
is_private(address) if {
	cidr := block(address)
	some private in private_blocks
	net.cidr_contains(private, cidr)
}

# An address is a range of one.
block(range) := range if {
	net.cidr_is_valid(text(range))
} else := cidr if {
	cidr := concat("", [text(range), single[family(text(range))]])
	net.cidr_is_valid(cidr)
}

single := {"4": "/32", "6": "/128"}

text(value) := value if {
	is_string(value)
} else := ""
