package lib.text_test

import data.lib.text

test_names_are_read_in_words if {
	[text.words(name) | some name in ["dbPassword", "DB-Password", "DB_PASSWORD", "db.password"]] == [
		"db_password", "db_password", "db_password", "db_password",
	]
}

test_names_that_hold_secrets_end_so if {
	held := {"PGPASSWORD", "DB_PASS", "apiKey", "JWT_SECRET", "GITHUB_TOKEN", "password_prod", "SIGNING_KEY", "creds"}
	not_held := {
		"PASSWORD_FILE", "TOKEN_TTL", "SECRET_NAME", "existingSecret", "NO_PASSWORD", "PUBLIC_KEY", "MAX_TOKENS",
		"server_tokens", "CACHE_KEY", "passwordEncryption", "tls_secret", "compass", "bypass",
	}
	{name | some name in (held | not_held); text.is_wide_name(name)} == held
}

test_a_value_is_a_secret_a_placeholder_or_neither if {
	secrets := {
		"hunter2", "postgres", "123456", "p@ss w0rd",
		"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\nMIIE",
	}
	placeholders := {"changeme", "<password>", "REPLACE_ME", "xxxx", "TODO", "your-password-here"}
	neither := {
		"", "$(PW)", "${PW}", "{{ .pw }}", "vault:a#b", "<path:a#b>", "/run/secrets/pw", "true", "none", "ENC[AES256_GCM,x]",
		"https://id.example.org/token", "%(pw)s", "arn:aws:x", "-----BEGIN CERTIFICATE-----\nMIIB",
	}
	{value | some value in ((secrets | placeholders) | neither); text.verdict("password", value) == "secret"} == secrets
	{value |
		some value in ((secrets | placeholders) | neither)
		text.verdict("password", value) == "placeholder"
	} == placeholders
}

test_a_number_is_no_token_but_may_be_a_password if {
	{name | some name in {"api_token", "password"}; text.verdict(name, "3600")} == {"password"}
}

test_a_key_inside_a_secret_is_no_key if {
	{value |
		some value in ["password", "API_KEY_1", "Zx81mQ0pL7vTr2Ns"]
		text.verdict("secretKey", value) == "secret"
	} == {"Zx81mQ0pL7vTr2Ns"}
}

test_public_keys_are_public if {
	{value |
		some value in ["-----BEGIN PUBLIC KEY-----\nMFkw", "ssh-ed25519 AAAAC3 ann@example.org", "s3cr3t"]
		text.verdict("private_key", value) == "secret"
	} == {"s3cr3t"}
}

test_a_placeholder_in_a_connection_string_is_one if {
	{one.level | some one in text.secrets("postgres://auth:changeme@postgres/asky")} == {"placeholder"}
}

test_base64_is_read_through_twice if {
	plain := "url: postgres://a:hunter2@h/db"
	{one.value |
		some written in [plain, base64.encode(plain), base64.encode(base64.encode(plain))]
		some one in text.secrets(written)
	} == {"hunter2"}
}

test_the_path_of_a_vault_is_no_secret_in_sql if {
	{[one.value, one.level] |
		some one in text.secrets("ALTER ROLE auth PASSWORD '<path:kv/db#password>';\nALTER ROLE cart PASSWORD '<cart>';")
	} == {["<cart>", "placeholder"]}
}

test_what_is_commented_out_may_be_a_secret_or_a_word if {
	{one.value | some one in text.secrets("# version: 1.2-alpine\n# password: 3.hunter\n")} == {"3.hunter"}
}

test_a_variable_of_a_program_is_no_secret if {
	text.secrets("connect({user: user1, password: password1})") == set()
	{one.value | some one in text.secrets("connect({user: 'auth', password: 'hunter2'})")} == {"hunter2"}
}

test_the_label_of_a_field_is_no_secret if {
	labels := `{"password": "Password", "apiKey": "API key", "secret": "secret", "token": "Zebra-77"}`
	{one.value | some one in text.secrets(labels)} == {"secret", "Zebra-77"}
	text.secrets("export default {password: 'Password'}") == set()
}

test_a_password_in_quotes_need_hold_no_number if {
	{one.value |
		some one in text.secrets("connect({role: 'auth', token: 'csrf', passphrase: 'two words', password: 'horse-battery'})")
	} == {"horse-battery"}
}

test_a_go_program_s_data_source_holds_a_password if {
	text.secrets("auth:$(PW)@tcp(mysql:3306)/asky") == set()
	{one.value | some one in text.secrets("auth:horse@tcp(mysql:3306)/asky?parseTime=true")} == {"horse"}
}

test_what_resets_a_password_may_be_a_time if {
	{name |
		some name in ["PASSWORD_RESET_TOKEN", "ROOT_PASSWORD", "db.pw", "PGPASSWORD", "PASSWORD_1"]
		text.verdict(name, "30")
	} == {"ROOT_PASSWORD", "db.pw", "PGPASSWORD", "PASSWORD_1"}
}

test_what_a_secret_is_called_is_none if {
	{value |
		some value in ["asky-db", "asky", "Asky-Db-7"]
		text.verdict("DB_CREDENTIALS_SECRET", value)
	} == {"asky", "Asky-Db-7"}
	text.verdict("CLIENT_SECRET", "asky-db") == "secret"
}

test_programs_write_passwords_in_many_ways if {
	every line in [
		`private static final String password = "horse";`, `val password = "horse"`, `props.put("password", "horse");`,
		`$config['password'] = 'horse';`, `os.environ["DB_PASSWORD"] = "horse"`, `os.getenv("DB_PASSWORD", "horse")`,
		`ENV.fetch('DB_PASSWORD', 'horse')`, `const password = process.env.DB_PASSWORD || 'horse';`,
	] {
		{one.value | some one in text.secrets(line)} == {"horse"}
	}
	every line in [
		`private final String password;`, `props.put("password", password);`, `$config['password'] = getenv('DB_PASSWORD');`,
		`os.getenv("DB_PASSWORD", "")`, `ENV.fetch('DB_PASSWORD')`, `const password = process.env.DB_PASSWORD || '';`,
		`password "#{ENV['ES_PASSWORD']}"`,
	] {
		text.secrets(line) == set()
	}
}
