package lib.secrets

import data.lib.kubernetes

# METADATA
# description: What the render shows, one `found` for a `path` of an `object`.
rendered := [{"object": manifest, "path": path, "found": best(found)} |
	some manifest in kubernetes.objects
	some path, found in in_object(manifest, false)
]

# METADATA
# description: |
#   What only the sources show: a literal that an overlay replaces, a generator whose output is patched away. A value
#   that the render shows too is the render's finding.
hidden := [{"source": source, "path": path, "found": best(unseen)} |
	some source in kubernetes.sources
	some path, found in in_source(source)
	unseen := {one |
		some one in found
		one.level == "secret"
		not one.value in rendered_values
	}
]

rendered_values := {one.value |
	some manifest in kubernetes.objects
	some found in in_object(manifest, false)
	some one in found
}
