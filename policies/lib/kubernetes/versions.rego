package lib.kubernetes

# The newest Kubernetes that the rules know of.
known := 37

# The minor versions of Kubernetes 1 that the author runs; the newest known one when nobody says.
minors := {minor | some minor in said} | {known | count(said) == 0}

said := {to_number(substring(version, 2, -1)) |
	some version in list(input, ["config", "kubernetes"])
	is_string(version)
	regex.match(`^1\.[0-9]{1,3}$`, version)
}

# METADATA
# description: The oldest Kubernetes that takes the objects; what came later must not be relied on.
oldest := min(minors)

# METADATA
# description: The newest Kubernetes that takes the objects; what it forbids is forbidden.
newest := max(minors)
