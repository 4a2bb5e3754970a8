# METADATA
# title: Text
# description: What strings mean to somebody who looks for secrets; nothing here ever repeats a value.
package lib.text

# METADATA
# description: |
#   A name in words: `dbPassword`, `DB-Password` and `DB_PASSWORD` are all `db_password`.
words(name) := trim(regex.replace(lower(regex.replace(name, `([a-z0-9])([A-Z])`, "${1}_${2}")), `[^a-z0-9]+`, "_"), "_")

# METADATA
# description: |
#   A name that holds a secret wherever it stands: passwords, and keys and tokens that name what they are for. The name
#   must end so: `password_file`, `token_ttl`, `secret_name` name something else.
is_strict_name(name) if {
	regex.match(strict_names, words(name))
	not regex.match(switches, words(name))
}

# METADATA
# scope: document
# description: |
#   A name that holds a secret in configuration; elsewhere `secret: x` and `token: x` refer to one.
is_wide_name(name) if is_strict_name(name)

is_wide_name(name) if {
	regex.match(wide_names, words(name))
	not regex.match(switches, words(name))
}

# What may follow the noun: a stage, a role or a number.
ending := `(?:_(?:[0-9]+|v[0-9]+|prod|production|dev|development|staging|stage|test|qa|old|new|current|previous|default|primary|secondary|replica|main|master|admin|root|user|app|b64|base64|value|plain|plaintext))*$`

strict_names := concat("", [
	`(?:password|passwd|passphrase|passwort|userpass|dbpass)`, ending,
	`|(?:^|_)(?:client_?secret|secret_?access_?key|secret_?key_?base|private_?key|api_?key|api_?token|access_?token`,
	`|auth_?token|bearer_?token|refresh_?token|bot_?token|webhook_?secret|shared_?secret|signing_?secret|jwt_?secret|requirepass|masterauth|restuserkey)`, ending,
])

wide_names := concat("", [
	`(?:^|_)(?:pass|pwd|pw|passcode|secret|token|credential|credentials|creds|salt|pepper|apikey|authtoken)`, ending,
	`|(?:^|_)(?:access|account|admin|aes|api|app|application|auth|cookie|crypt|django|encryption|flask|gpg|hmac|jwt|license|master|private`,
	`|rsa|secret|service|session|signature|signing|ssh|storage|token|webhook)_?key`, ending,
])

switches := `^(?:no|without|skip|require|requires|use|allow|enable|disable|has|is|existing|reset|forgot|change|hash|random|generate)_|(?:^|_)(?:existing|tls|pull|image_pull|cert|certificate|ca|public|csrf)_secret|(?:^|_)public_key|(?:^|_)(?:max|min|num|count|total|page|next|continue|stop|prompt|completion|server)_tokens?`

# METADATA
# scope: document
# description: |
#   A value that stands for something else: a variable, a template, a path, a vault's address, a switch.
is_reference(value) if trim_space(value) in {"", "0", "1"}

is_reference(value) if regex.match(`\$\(|[$#]\{|\{\{|<%|%\(|^\$[A-Za-z_][A-Za-z_0-9.:/-]*$|^%%?[A-Za-z0-9_]+%%?$|^:'?[A-Za-z_]+'?$|^%[sLI]$|^__.*__$|^@.*@$|\|\|`, value)

# What is checked against a password and is no password; guessing it is dear. An md5 of PostgreSQL's logs in as it is.
is_reference(value) if regex.match(
	`^\s*(?:\{[A-Za-z0-9-]+\})?\$(?:2[abxy]|argon2i?d?|scrypt|y|[567]|pbkdf2[a-z0-9-]*)\$|^(?:pbkdf2_sha(?:256|512)|argon2|bcrypt_sha256)\$`,
	value,
)

# To be filled in by a program, and patterns of policies.
is_reference(value) if regex.match(`^\{[A-Za-z_][A-Za-z0-9_.]*\}$|^\$__[a-z]+\{|^&[A-Za-z_]+$|^[?*|]+$`, value)

is_reference(value) if regex.match(
	`^(?:process\.env|os\.(?:environ|getenv)|System\.getenv|getenv|ENV\[|env\(|var\.|local\.|module\.)`,
	value,
)

is_reference(value) if regex.match(
	`^(?i)\s*(?:ref\+|vault:|secretref|secret:|secrets?manager:|file:|op://|aws-?(?:sm|ssm|secrets)|arn:aws|gcp-?sm|gcp-?secret|azure-?key-?vault|akv|sops|bws|keyring|doppler|env:|ssm:|k8s:|bao:|@microsoft\.keyvault\(|projects/[^/]+/secrets/|.*@azurekeyvault$|\(\(|!)`,
	value,
)

is_reference(value) if regex.match(`<(?:path|vault|secret):`, value)

is_reference(value) if startswith(trim_space(value), "ENC[")

is_reference(value) if regex.match(`^\s*(?:~|\.{1,2})?/(?:[A-Za-z0-9_.@-]+/)*[A-Za-z0-9_.@-]+/?\s*$`, value)

is_reference(value) if regex.match(`^(?i)\s*(?:true|false|yes|no|on|off|none|null|nil|~|undefined|auto|enabled|disabled|required|optional|string|include|omit|same-origin)\s*$`, value)

is_reference(value) if regex.match(`^[a-z][a-z0-9+.-]*://[^@\s]+$|^(?:sha256|sha512|md5):|^SCRAM-SHA-256\$`, value)

is_reference(value) if {
	contains(value, "-----BEGIN CERTIFICATE")
	not contains(value, "PRIVATE KEY")
}

is_reference(value) if regex.match(`^-----BEGIN (?:RSA |EC )?PUBLIC KEY|^ssh-(?:rsa|ed25519) `, value)

# METADATA
# scope: document
# description: A value that asks to be replaced.
is_placeholder(value) if regex.match(`^(?:PASSWORD|PASSWD|PASS|SECRET|TOKEN|KEY|API_?KEY|DB_?PASSWORD|YOUR[A-Z_]+)$`, value)

is_placeholder(value) if regex.match(
	concat("", [
		`^(?i)\s*["']?(?:<[^>]*>|\[[^\]]*\]|x{3,}|\*{3,}|\.{3,}|•+|todo|tbd|fixme|redacted|hidden|masked|your[-_ ].*|insert[-_ ].*`,
		`|fill[-_ ]?(?:me|in).*|set[-_ ]?me|to[-_ ]?be[-_ ].*|change[-_ ]?(?:me|it|this).*|(?:.*[-_ ])?replace[-_ ]?(?:me|this|with|default).*|.*placeholder.*)["']?\s*$`,
	]),
	value,
)

# METADATA
# description: |
#   A number, a size or a time: never a token or a key, though it may be a password.
is_measure(value) if regex.match(`^\s*[0-9]{1,10}(?:\.[0-9]+)?\s*(?:ms|s|m|h|d|[KMGT]i?B?)?\s*$`, value)

# METADATA
# description: |
#   What a value under a name that holds a secret is: `secret`, `placeholder`, or undefined when it is neither.
verdict(name, value) := "placeholder" if {
	meant := meaning(value)
	not is_reference(meant)
	is_placeholder(meant)
} else := "secret" if {
	meant := meaning(value)
	not is_reference(meant)
	not is_harmless(name, meant)
}

# A variable may have a default, and that is written out: `${PASSWORD:-hunter2}`, `${password:hunter2}`. Kafka's
# providers look alike: `${file:/run/secrets/kafka:password}`.
meaning(value) := otherwise if {
	[[_, name, otherwise]] := regex.find_all_string_submatch_n(
		`^\s*["']?\$\{([A-Za-z_][A-Za-z0-9_.]*):[-=]?([^}?+$=-][^}$]*)\}["']?\s*$`,
		value, 1,
	)
	not name in {"dir", "directory", "env", "file", "secret", "secrets", "strimzienv", "vault"}
} else := value

names_of_passwords := concat("", [`(?:pass(?:word|wd|wort|phrase|code)?|pwd|(?:^|_)pw)`, ending])

is_harmless(name, value) if {
	is_measure(value)
	not regex.match(names_of_passwords, words(name))
}

# `DB_PASSWORD_SECRET: prod/db` is the address of a secret, and `secret: asky-db-credentials` the name of one.
is_harmless(name, value) if {
	not is_strict_name(name)
	is_address(value)
}

is_harmless(name, value) if {
	regex.match(`(?:^secret|(?:password|passwd|credentials?)_secret)$`, words(name))
	regex.match(`^[a-z0-9-]+-(?:secrets?|credentials?|creds|tls|certs?)$`, value)
	not regex.match(`(?:^|-)(?:super|my|top|very|some|our)-`, value)
}

is_harmless(name, value) if {
	regex.match(`(?:password|passwd|credentials?)_secret$`, words(name))
	regex.match(`^[a-z]+(?:-[a-z]+)+$`, value)
}

# `tokenKey: api-token` names a key of a Secret.
is_harmless("tokenKey", value) if regex.match(`^[a-z]+(?:[-_.][a-z]+)*$`, value)

# `secretKey: password` names a key inside a Secret; a key of one's own is long and mixed.
is_harmless("secretKey", value) if not regex.match(`^.*[0-9A-Z].*$`, value)

is_harmless("secretKey", value) if count(value) < 12

# METADATA
# description: A path of a store, such as `asky/prod/db`.
is_address(value) if regex.match(`^[a-z0-9][a-z0-9_.-]*(?:/[a-z0-9_.-]+)+$`, value)

# METADATA
# description: A value without the quotes, the comma and the comment around it.
unquoted(value) := trim(trimmed, `"'`) if {
	trimmed := trim_right(trim_space(regex.replace(value, `\s+#.*$`, "")), ",;")
}
