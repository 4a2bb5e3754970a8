"""The two scripts of the secrets Job: one makes certificates, one makes the Secrets that are missing."""

from asky_gitops.components import names
from asky_gitops.model.stack import Secret, Stack

PASSWORD_LENGTH = 40
"""Characters of [A-Za-z0-9]: 238 bits, and nothing that a URL or a shell reads differently."""
REMOTE_LENGTH = 32
YEARS_10 = 3650

CERTIFICATES = """\
umask 077
cat >ca.cnf <<'CONFIG'
[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
[name]
CN = {cluster}-ca
[extensions]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
CONFIG
cat >server.cnf <<'CONFIG'
[req]
prompt = no
distinguished_name = name
[name]
CN = {host}
[extensions]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {alternatives}
CONFIG
openssl ecparam -name prime256v1 -genkey -noout -out ca.key
openssl req -new -x509 -config ca.cnf -key ca.key -days {days} -out ca.crt
openssl ecparam -name prime256v1 -genkey -noout -out tls.key
openssl req -new -config server.cnf -key tls.key -out tls.csr
openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -set_serial 2 -days {days} \\
  -extfile server.cnf -extensions extensions -out tls.crt
rm ca.key ca.cnf server.cnf tls.csr
"""

FUNCTIONS = """\
umask 077
exists() {
  found=$(kubectl get secret "$1" --ignore-not-found --output=name)
  [ -n "$found" ]
}
random() {
  value=$(LC_ALL=C tr -dc A-Za-z0-9 </dev/urandom | head -c "$1")
  [ "${#value}" -eq "$1" ] || return 1
  printf %s "$value"
}
login() {
  if exists "$1"; then return; fi
  value=$(random LENGTH)
  {
    printf '{"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/basic-auth",'
    printf '"metadata":{"name":"%s","labels":{"cnpg.io/reload":"true"}},' "$1"
    printf '"stringData":{"username":"%s","password":"%s"}}' "$2" "$value"
  } >secret.json
  kubectl create --filename=secret.json
}
key() {
  if ! exists "$1"; then
    kubectl create secret generic "$1"
  fi
  template="{{if .data}}{{if index .data \\"$2\\"}}yes{{end}}{{end}}"
  found=$(kubectl get secret "$1" --output=go-template="$template")
  if [ -n "$found" ]; then return; fi
  value=$(random "$3")
  printf '{"stringData":{"%s":"%s"}}' "$2" "$value" >patch.json
  kubectl patch secret "$1" --type=merge --patch-file=patch.json
}
""".replace("LENGTH", str(PASSWORD_LENGTH))
"""A login's label tells CloudNativePG, where it runs, to give the role a password that changed."""

TLS = """\
if ! exists {server}; then
  kubectl create secret generic {server} --type=kubernetes.io/tls \\
    --from-file=ca.crt --from-file=tls.crt --from-file=tls.key
fi
if ! exists {ca}; then
  kubectl get secret {server} --output=go-template='{{{{index .data "ca.crt" | base64decode}}}}' >ca.crt
  kubectl create secret generic {ca} --from-file=ca.crt
fi
"""
"""The CA follows the server's Secret, which holds both: a run cut short between the two is made whole."""


def certificates(stack: Stack) -> str:
    """Return the script that makes a CA and the database's certificate; the CA's key is thrown away."""
    return CERTIFICATES.format(
        cluster=names.cluster(stack),
        host=names.POSTGRES,
        alternatives=", ".join(f"DNS:{name}" for name in names.database_hosts(stack)),
        days=YEARS_10,
    )


def secrets(stack: Stack, *, own_server: bool) -> str:
    """Return the script that makes every missing Secret; no value is ever an argument or printed.

    `own_server` adds what a server needs that no operator looks after: a superuser and a certificate.
    """
    lines = [FUNCTIONS]
    if own_server:
        lines.append(f"login {names.superuser_secret(stack)} postgres\n")
    if stack.database is not None:
        lines.append(f"login {names.login_secret(names.MIGRATIONS)} {names.migrator(stack.database)}\n")
    for service in names.database_users(stack):
        lines.append(f"login {names.login_secret(service.name)} {names.role(service.name)}\n")
    for service in sorted(stack.services.values(), key=lambda one: one.name):
        for name in sorted(service.secrets):
            lines.append(f"key {service.name} {name} {length(service.secrets[name])}\n")
    if own_server:
        lines.append(TLS.format(server=names.server_secret(stack), ca=names.ca_secret(stack)))
    return "".join(lines)


def length(secret: Secret) -> int:
    """Return how many characters to make; a remote value gets a stand-in, for no provider is asked here."""
    return secret.generate or REMOTE_LENGTH
