from pathlib import Path

import pytest

from tests.adapters.spec_cases import spoiled

FORMS = {
    "an unknown key, with the nearest known one": (
        "    port: 8003",
        "    port: 8003\n    replica: 2",
        ['asky.yaml:15:5: unknown key "replica" in services.auth; did you mean "replicas"?'],
    ),
    "an unknown key at the top": (
        "database: {}",
        "database: {}\nservice: {}",
        ['asky.yaml:6:1: unknown key "service"; did you mean "services"?'],
    ),
    "an unknown key that resembles nothing": (
        "database: {}",
        "database: {encoding: latin1}",
        ['asky.yaml:5:12: unknown key "encoding" in database'],
    ),
    "a key in another spelling": (
        "database: {}",
        "database: {storage_class: fast}",
        ['asky.yaml:5:12: unknown key "storage_class" in database; did you mean "storageClass"?'],
    ),
    "a missing key, at the map that lacks it": (
        "    image: ghcr.io/acme/auth:1.0.0\n",
        "",
        ["asky.yaml:12:3: services.auth needs image"],
    ),
    "a missing top-level key": (
        "kind: Stack\n",
        "",
        ["asky.yaml:1:1: asky.yaml needs kind"],
    ),
    "another format": (
        "apiVersion: asky-gitops.dev/v1alpha1",
        "apiVersion: asky-gitops.dev/v2",
        [
            'asky.yaml:1:13: apiVersion "asky-gitops.dev/v2" is not asky-gitops.dev/v1alpha1; '
            'did you mean "asky-gitops.dev/v1alpha1"?'
        ],
    ),
    "a word that is not one of a few": (
        "database: {}",
        "database: {}\nchecks: {cpuLimits: required}",
        [
            'asky.yaml:6:21: cpuLimits "required" is not one of require, optional, forbid; '
            'did you mean "require"?'
        ],
    ),
    "a size in a unit that Kubernetes does not have": (
        "database: {}",
        "database: {storage: 10GB}",
        ['asky.yaml:5:21: storage "10GB" is not a Kubernetes quantity; did you mean "10Gi"?'],
    ),
    "millibytes": (
        "    port: 8003",
        "    port: 8003\n    resources: {memory: 256m}",
        [
            'asky.yaml:15:25: memory "256m" is too little: memory counts in whole bytes, from 4Mi; '
            'did you mean "256Mi"?'
        ],
    ),
    "a storage of ten bytes": (
        "database: {}",
        "database: {storage: 10}",
        [
            'asky.yaml:5:21: storage "10" is too little: storage counts in whole bytes, from 1Gi; '
            'did you mean "10Gi"?'
        ],
    ),
    "a port above 65535": (
        "port: 8003",
        "port: 80030",
        ["asky.yaml:14:11: port must be from 1 to 65535, not 80030"],
    ),
    "a number in quotes": (
        "port: 8003",
        'port: "8003"',
        ["asky.yaml:14:11: port must be a whole number, not a string; did you mean 8003?"],
    ),
    "a number where a string belongs": (
        "    port: 8003",
        "    port: 8003\n    env: {RETRIES: 3}",
        ["asky.yaml:15:20: RETRIES must be a string, not a whole number\n  hint: write it in quotes"],
    ),
    "a version that YAML reads as a number": (
        "database: {}",
        "database: {}\nkubernetes: [1.34]",
        ["asky.yaml:6:14: kubernetes[0] must be a string, not a number\n  hint: write it in quotes"],
    ),
    "yes for true": (
        "database: true",
        "database: yes",
        ["asky.yaml:15:15: database must be true, false or a map, not a string; did you mean true?"],
    ),
    "true where a map belongs": (
        "database: {}",
        "database: true",
        ["asky.yaml:5:11: database must be a map, not true or false\n  hint: `{}` takes every default"],
    ),
    "a list where a map belongs": (
        "    public: {host: asky.local}",
        "    public: [asky.local]",
        ["asky.yaml:11:13: public must be a map, not a list"],
    ),
    "a string where a list belongs": (
        "calls: [auth]",
        "calls: auth",
        ["asky.yaml:10:12: calls must be a list, not a string"],
    ),
    "nothing where a map belongs": (
        "  minikube: {platform: minikube}",
        "  minikube:",
        ["asky.yaml:17:12: minikube must be a map, not nothing"],
    ),
    "a name that is no RFC 1123 label": (
        "  auth:\n",
        "  Auth_1:\n",
        [
            "asky.yaml:10:13: no service is named auth",
            'asky.yaml:12:3: services "Auth_1" is not a name for Kubernetes: at most 52 of a-z, 0-9 and -, '
            'a letter first; did you mean "auth-1"?',
        ],
    ),
    "an image with upper case": (
        "image: ghcr.io/acme/auth:1.0.0",
        "image: ghcr.io/Acme/auth:1.0.0",
        [
            'asky.yaml:13:12: image "ghcr.io/Acme/auth:1.0.0" is not an image reference such as '
            'ghcr.io/acme/app:1.2.3; did you mean "ghcr.io/acme/auth:1.0.0"?'
        ],
    ),
    "a host with a scheme": (
        "host: asky.local",
        "host: https://Asky.local/",
        ['asky.yaml:11:20: host is not a DNS name (RFC 1123); did you mean "asky.local"?'],
    ),
    "a host that is an address": (
        "host: asky.local",
        "host: 10.0.0.1",
        ['asky.yaml:11:20: host "10.0.0.1" is an address; an Ingress takes a DNS name'],
    ),
    "a network with host bits": (
        "    port: 8003",
        "    port: 8003\n    egress: [{cidr: 10.0.0.1/8, port: 587}]",
        ['asky.yaml:15:21: cidr "10.0.0.1/8" is not a network\'s own address; did you mean "10.0.0.0/8"?'],
    ),
    "a network that is none": (
        "    port: 8003",
        "    port: 8003\n    egress: [{cidr: mail, port: 587}]",
        ['asky.yaml:15:21: cidr "mail" is not a CIDR such as 10.0.0.0/16'],
    ),
    "a variable that no shell can name": (
        "    port: 8003",
        "    port: 8003\n    env: {LOG-LEVEL: info}",
        [
            'asky.yaml:15:11: env "LOG-LEVEL" is not a name for an environment variable; '
            'did you mean "LOG_LEVEL"?'
        ],
    ),
    "credentials in the repository's URL": (
        "https://git.example.org",
        "https://bot:hunter2@git.example.org",
        ["asky.yaml:4:19: repoURL holds credentials\n  hint: give them to Argo CD as a repository secret"],
    ),
    "a folder outside the repository": (
        "database: {}",
        "database: {migrations: ../sql}",
        ['asky.yaml:5:24: migrations "../sql" is not a folder inside the repository'],
    ),
    "a schema with a dash": (
        "database: true",
        "database: {schema: my-auth}",
        [
            'asky.yaml:15:24: schema "my-auth" is not a PostgreSQL name: a-z, 0-9 and _; '
            'did you mean "my_auth"?'
        ],
    ),
    "a merge key": (
        "    port: 8003",
        "    port: 8003\n    <<: {replicas: 2}",
        ["asky.yaml:15:5: merge keys (`<<`) are not YAML 1.2\n  hint: use `defaults:`"],
    ),
}


@pytest.mark.parametrize(("old", "new", "errors"), FORMS.values(), ids=FORMS)
def test_a_value_of_the_wrong_form_is_refused(tmp_path: Path, old: str, new: str, errors: list[str]) -> None:
    assert spoiled(tmp_path, old, new) == errors
