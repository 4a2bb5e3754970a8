"""A GitOps repository for Postgres and microservices on Kubernetes, from one spec."""

__version__ = "0.1.0"
