package lib.text

# METADATA
# description: |
#   The secrets a text holds, each with `what` it is, its `value` (which only ever serves to compare) and `level`,
#   `secret` or `placeholder`. Base64 is read through twice.
secrets(text) := (plain(text) | {inner |
	some decoded in decoded_parts(text)
	some inner in plain(decoded)
}) | {inner |
	some decoded in decoded_parts(text)
	some deeper in decoded_parts(decoded)
	some inner in plain(deeper)
}

decoded_parts(text) := {decoded |
	some part in candidates(text)
	padded := concat("", [part, object.get(padding, count(part) % 4, "")])
	base64.is_valid(padded)
	decoded := base64.decode(padded)
}

# Base64 may be broken into lines, and may lack its end.
candidates(text) := {regex.replace(text, `[\s=]`, "")} if {
	regex.match(`^[A-Za-z0-9+/\s]{16,}={0,2}\s*$`, text)
} else := {trim_right(part, "=") | some part in regex.find_n(`[A-Za-z0-9+/]{16,}={0,2}`, text, 200)}

padding := {2: "==", 3: "="}

plain(text) := shaped(text) | written(text) if {
	is_telling(text)
} else := set()

# METADATA
# scope: document
# description: |
#   One look that most texts and names do not pass, before many; of one text alone, so that each is looked at once.
is_telling(text) if regex.match(hint, lower(text))

# Sixteen letters may be base64; the rest in the order of the alphabet, in which what begins alike is tried once.
hint := concat("|", [
	`@(?:tcp|unix)\(|-----begin|--from-literal|"auth"|"kty"|"\s+"|://[^/\s]*:[^/\s]*@|:_auth|:(?:\*|[0-9]+):[^\s:]+:|[0-9]{8,10}:aa|aiza|akia|asia|atatt3`,
	`atlasv1|authorization|cqlsh|cred|crypt\(|curl\b|dapi|dckr_pat|discord|docker\s+login|dop_v1|dp\.|etcdctl|eyj|gh[opusr]_|github_pat|gl(?:sa|c)_`,
	`gl[a-z]{2,5}-|hf_|hooks\.slack|hvs\.|identified|key|lin_|machine\s|mariadb|masterauth|mongo|mysql|npm_|nrak-|pass|pepper|pwd|pypi-`,
	`[a-z0-9+/]{16}|redis-cli|[rs]k_(?:live|test)|salt|secret|sg\.|\{sha\}|shp[acps]|sk-|sqlcmd|token|user\s.*\s>|whsec_|xapp-|xox[abeprs]-`,
])

shaped(text) := {found |
	some what, pattern in shapes
	some groups in regex.find_all_string_submatch_n(pattern, text, 100)
	value := groups[count(groups) - 1]
	level := shape_level(value)
	found := {"what": what, "value": value, "level": level}
}

shape_level(value) := "placeholder" if {
	meant := meaning(value)
	not is_reference(meant)
	is_placeholder(meant)
} else := "secret" if not is_reference(meaning(value))

# What it is, and how it looks; the last group is the secret.
shapes := {
	"the password of a connection string": `[A-Za-z][A-Za-z0-9+.-]*://[^\s:/@"'<>]*:([^\s@/"'<>]+)@`,
	"the password of a Go program's data source": `[^\s:/@"'<>=]+:([^\s@/"'<>]+)@(?:tcp|unix)\(`,
	"a password in a query or a list of parameters": `(?i)[?&;](?:password|passwd|pwd|pass|sslpassword|token|access_token|api_?key|secret)=([^&\s"';<>]+)`,
	"a private key": `-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----([^-]{0,200})`,
	"an AWS access key": `\b((?:AKIA|ASIA)[0-9A-Z]{16})\b`,
	"a GitHub token": `\b((?:gh[opusr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,}))\b`,
	"a GitLab token": `\b(gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|oas)-[A-Za-z0-9_-]{20,})`,
	"a Slack token": `\b(xox[abeprs]-[A-Za-z0-9-]{10,})`,
	"a Slack webhook": `hooks\.slack\.com/services/(T[A-Za-z0-9]+/B[A-Za-z0-9]+/[A-Za-z0-9]+)`,
	"a Discord webhook": `discord(?:app)?\.com/api/webhooks/([0-9]{15,}/[A-Za-z0-9_-]{40,})`,
	"a Google API key": `\b(AIza[0-9A-Za-z_-]{35})`,
	"a Stripe webhook's secret": `\b(whsec_[A-Za-z0-9+/=]{24,})`,
	"a Stripe key": `\b([sr]k_(?:live|test)_[A-Za-z0-9]{10,})`,
	"an API key": `\b(sk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,})`,
	"an npm token": `\b(npm_[A-Za-z0-9]{36})\b`,
	"a PyPI token": `\b(pypi-[A-Za-z0-9_-]{40,})`,
	"a SendGrid key": `\b(SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,})`,
	"a Hugging Face token": `\b(hf_[A-Za-z0-9]{30,})\b`,
	"a DigitalOcean token": `\b(dop_v1_[a-f0-9]{64})\b`,
	"a Vault token": `\b(hvs\.[A-Za-z0-9_-]{20,})`,
	"a Grafana token": `\b(gl(?:sa|c)_[A-Za-z0-9_+/=]{20,})`,
	"a Docker Hub token": `\b(dckr_pat_[A-Za-z0-9_-]{20,})`,
	"a Tailscale key": `\b(tskey-[a-z]+-[A-Za-z0-9]+-[A-Za-z0-9]+)`,
	"a Slack app token": `\b(xapp-[0-9]-[A-Z0-9]+-[0-9]+-[a-z0-9]{20,})`,
	"a Telegram bot's token": `\b([0-9]{8,10}:AA[A-Za-z0-9_-]{32,34})`,
	"a Terraform token": `\b([A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{60,})`,
	"a Databricks token": `\b(dapi[0-9a-f]{32})\b`,
	"a New Relic key": `\b(NRAK-[A-Z0-9]{27})\b`,
	"an Atlassian token": `\b(ATATT3[A-Za-z0-9_=-]{60,})`,
	"a Doppler token": `\b(dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{40,})`,
	"a Linear key": `\b(lin_(?:api|oauth)_[A-Za-z0-9]{32,})`,
	"a Shopify token": `\b(shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32})\b`,
	"a private JSON Web Key": `"kty"[^{}]*"(?:d|k)"\s*:\s*"([A-Za-z0-9_-]{20,})"`,
	"the private part of a JSON Web Key": `"(?:d|k)"\s*:\s*"([A-Za-z0-9_-]{20,})"[^{}]*"kty"`,
	"an age key": `\b(AGE-SECRET-KEY-1[0-9A-Z]{50,})\b`,
	"a JSON Web Token": `\b(eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]{8,})`,
	"an account key": `(?i)AccountKey=([A-Za-z0-9+/=]{40,})`,
	"a registry's login": `"auth"\s*:\s*"([A-Za-z0-9+/=]{8,})"`,
	"the password of an SQL role": `(?i)\bpassword\s*=?\s*(?:e|n|u&)?'{1,2}((?:[^'\s]|'')+?)'`,
	"the password of an SQL user": `(?i)\bidentified\s+(?:with\s+\S+\s+)?by\s+(?:password\s+)?'([^']+)'`,
	"the password of an Oracle user": `(?i)\b(?:create|alter)\s+user\s+\S+\s+identified\s+by\s+"?([^\s'";&:@%]+)`,
	"the password that SQL sets": `(?i)\bset\s+password(?:\s+for\s+\S+)?\s*=\s*(?:password\()?'([^']+)'`,
	"a password in dollar quotes": `(?i)\bpassword\s+\$[a-z_]*\$([^$]+)\$`,
	"a password that SQL hashes": `(?i)\bcrypt\(\s*'([^']+)'\s*,\s*gen_salt`,
	"the login of a request": `\bcurl\b[^\n]*?\s(?:-u|--user)[ =]?["']?[^\s:"'$]+:([^\s"']+)`,
	"the authorization of a request": `(?i)\bauthorization["']?(?:\s*[:=]\s*|\s+)["']?(?:bearer|basic|token)\s+([A-Za-z0-9._~+/=-]{8,})`,
	"a password on a command line": `\b(?:mysql|mysqladmin|mysqldump|mariadb|mariadb-dump|sshpass)\b[^\n|;]*?\s-p["']?([^\s"']+)`,
	"the password of a Redis client": `\bredis-cli\b[^\n|;]*?\s-a[ ]+["']?([^\s"']+)`,
	"the password of a Redis user": `(?im)(?:^\s*user|\bsetuser)\s+\S+[^\n]*\s>(\S+)`,
	"the password of a client": `\b(?:mongo(?:sh|dump|restore|export|import)?|cqlsh|(?:docker|podman|helm\s+registry)\s+login)\b[^\n|;]*?\s-p[ =]["']?([^\s"']+)`,
	"the password of sqlcmd": `\bsqlcmd\b[^\n|;]*?\s-P\s*["']?([^\s"']+)`,
	"the login of a client": `\betcdctl\b[^\n|;]*?\s--user[ =]["']?[^\s:"'$]+:([^\s"']+)`,
	"the password that chpasswd sets": `\becho\s+["']?[^\s:"'$]+:([^\s"']+)["']?\s*\|\s*(?:sudo\s+)?chpasswd`,
	"the password of a key file": `\s-pass(?:in|out)?\s+["']?pass:([^\s"']+)`,
	"a literal of a Secret": `\bcreate\s+secret\b[^\n|;]*?--from-literal[= ]["']?[^\s=]+=["']?([^\s"']+)`,
	"a password file's line": `(?m)^[^\s:#/]+:(?:[0-9]{3,5}|\*):[^\s:/]+:[^\s:/]+:([^\s:]+)$`,
	"a login whose hash is quick to guess": `(?m)^[^\s:#]+:(\{SHA\}[A-Za-z0-9+/]{27}=)`,
	"the password of a sentinel": `\bauth-pass\s+\S+\s+(\S+)`,
	"a password by its type": `["']?\btype["']?\s*:\s*["']?password["']?\s*,?\s*["']?value["']?\s*:\s*["']?([^"'\s,}]+)`,
	"a user list's line": `(?m)^"[^"\n]+"[ \t]+"([^"\n]+)"\s*$`,
	"a login of npm": `:_(?:authToken|auth|password)=(\S+)`,
	"a login of netrc": `(?m)\bmachine\s+\S+\s+login\s+\S+\s+password\s+(\S+)`,
}

# Names with values, as YAML, JSON, INI, .env, shell, flags, XML, SQL and programming languages write them.
written(text) := {found |
	some pattern in assignments
	some [_, name, raw] in regex.find_all_string_submatch_n(pattern, text, 500)
	is_wide_name(name)
	value := unquoted(raw)
	not regex.match(`^[\[{&*!|>]|^-|^<[^>]*$`, value)
	not is_label(name, value)
	level := verdict(name, value)
	found := {"what": sprintf("the value of %s", [name]), "value": value, "level": level}
} | {found |
	some pattern in doubtful_assignments
	some [_, name, raw] in regex.find_all_string_submatch_n(pattern, text, 500)
	is_wide_name(name)
	value := unquoted(raw)
	is_more_than_a_word(name, raw)
	not is_label(name, value)
	not regex.match(`^[\[{&*!|><]|^-|^[A-Za-z_$][A-Za-z0-9_$]*(?:[.(]|$)`, raw)
	level := verdict(name, value)
	found := {"what": sprintf("the value of %s", [name]), "value": value, "level": level}
}

# What a form calls its field: `"password": "Password"`.
is_label(name, value) if {
	regex.match(`^[A-Z].*[a-z]`, value)
	words(value) == words(name)
}

is_more_than_a_word(_, raw) if regex.match(`[0-9]`, raw)

is_more_than_a_word(name, raw) if {
	is_strict_name(name)
	regex.match(`^["']\S+$`, raw)
}

assignments := [
	concat("", [
		`(?m)^[ \t-]*(?:(?:export|set|const|let|var|val|local|private|protected|public|static|readonly|final|String|string|ENV|ARG)[ \t]+)*\$?["']?([A-Za-z0-9_.-]+)["']?`,
		`(?:[ \t]*(?:=>|:=|=)[ \t]*|:[ \t]*|[ \t]+:[ \t]+)`,
		`("[^"\n]*"|'[^'\n]*'|[^\s"']+)[ \t]*[,;]?[ \t]*(?:#.*)?\r?$`,
	]),
	`["']([A-Za-z0-9_.-]+)["']\s*(?::|=>)\s*("(?:[^"\\\n]|\\.)+"|'(?:[^'\\\n]|\\.)+')`,
	`\\"([A-Za-z0-9_.-]+)\\"\s*:\s*\\"([^"\\\n]+)\\"`,
	`(?:^|[\s;&|("'=.,])([A-Za-z_][A-Za-z0-9_]*)=("[^"\n]*"|'[^'\n]*'|[^\s;&|"')=]+)`,
	`(?:^|[\s"'])--?([a-zA-Z][a-zA-Z0-9-]+)[= ]("[^"\n]*"|'[^'\n]*'|[^\s;&|"'=]+)`,
	`--set(?:-string)?[ =]["']?(?:\S*[.,])?([A-Za-z_][A-Za-z0-9_]*)=([^\s,"']+)`,
	`<([A-Za-z0-9_.-]+)>([^<>\n]+)</`,
	`(?:key|name)=["']([A-Za-z0-9_.-]+)["']\s+value=["']([^"'\n]+)["']`,
	`(?:key|name)=["']([A-Za-z0-9_.-]+)["'][^<>\n]*>([^<>\n]+)<`,
	`(?m)^[ \t]*(requirepass|masterauth|auth_pass|password)[ \t]+(\S+)[ \t]*$`,
	`(?m)^[ \t-]*([A-Za-z0-9_.-]+):[ \t]*[|>][-+]?[ \t]*\r?\n[ \t]+(\S+)[ \t]*\r?$`,
	`(?:name|key)\\?["']?\s*:\s*\\?["']?([A-Za-z0-9_.-]+)\\?["']?\s*,?\s*\\?["']?value\\?["']?\s*:\s*\\?("[^"\\\n]*|'[^'\n]*'|[^\s"',}]+)`,
	`(?:proxy_set_header|add_header|fastcgi_param)[ \t]+([A-Za-z0-9_-]+)[ \t]+("[^"\n]+"|[^\s;]+)`,
	`(?:-H|--header)[ =]?["']?([A-Za-z0-9_-]+):[ \t]*([^\s"'\n]+)`,
	`(?:define|set_config|setProperty|setdefault|put|getenv|environ\.get|ENV\.fetch|env)\(\s*["']([A-Za-z0-9_.-]+)["']\s*,\s*("[^"\n]+"|'[^'\n]+')`,
	`process\.env\.([A-Za-z0-9_]+)\s*(?:\|\||\?\?)\s*("[^"\n]+"|'[^'\n]+')`,
	`\[["']([A-Za-z0-9_.-]+)["']\]\s*=\s*("[^"\n]+"|'[^'\n]+')`,
	`\\set[ \t]+([A-Za-z0-9_]+)[ \t]+('[^'\n]+'|[^\s']+)`,
	`(?i)\bset\s+"?([a-z0-9_.]+)"?\s*(?:to|=)\s*('[^'\n]+')`,
]

# In one line of YAML or a program, and in what is commented out, a word without quotes may just as well be a word.
doubtful_assignments := [
	`[{,][ \t]*([A-Za-z0-9_.-]+)(?::[ \t]*|[ \t]+:[ \t]+)("[^"\n]*"|'[^'\n]*'|[^\s,{}"']+)`,
	`(?m)^[ \t]*(?:#|//|;|--)[ \t-]*([A-Za-z0-9_.-]+)[ \t]*[:=][ \t]*("[^"\n]*"|'[^'\n]*'|[^\s"']+)[ \t]*\r?$`,
]
