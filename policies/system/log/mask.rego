# METADATA
# title: Decision logs without manifests
# description: What is judged may hold secrets; an OPA server that runs this bundle never writes it to its decision log.
package system.log

mask contains "/input"
