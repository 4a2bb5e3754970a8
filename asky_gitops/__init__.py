"""A GitOps repository for Postgres and microservices on Kubernetes, from one spec."""
