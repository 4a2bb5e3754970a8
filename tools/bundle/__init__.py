"""What fills `asky_gitops/_bundled/`: the engine, the policies, the CRDs, the licences of both."""
