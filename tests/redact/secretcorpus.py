"""Made secrets in made contexts: nothing here is one, and no text of the repository looks like one.

Every value is drawn from a seed when the tests run.
"""

import base64
import html
import json
import random
import string
import urllib.parse

ALNUM = string.ascii_letters + string.digits
B64 = ALNUM + "+/"
URL64 = ALNUM + "_-"
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + "234567"


def draw(rng, letters, size):
    return "".join(rng.choice(letters) for _ in range(size))


def jwt(rng):
    parts = [{"alg": "RS256", "kid": draw(rng, ALNUM, 12)}, {"sub": draw(rng, ALNUM, 10), "exp": 1800000000}]
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*coded, draw(rng, URL64, 86)])


def _p(prefix, letters, size):
    return lambda rng: prefix + draw(rng, letters, size)


SHAPED = {
    "azure storage": lambda r: draw(r, B64, 76) + "+AS" + "t" + draw(r, B64, 6) + "==",
    "azure storage old": lambda r: draw(r, B64, 86) + "==",
    "cosmos": lambda r: draw(r, B64, 76) + "ACD" + "b" + draw(r, B64, 6) + "==",
    "service bus": lambda r: draw(r, B64, 33) + "+AS" + "b" + draw(r, B64, 6) + "=",
    "event hub": lambda r: draw(r, B64, 33) + "+AE" + "h" + draw(r, B64, 6) + "=",
    "iot": lambda r: draw(r, B64, 33) + "AIo" + "T" + draw(r, B64, 6) + "=",
    "azure cache": lambda r: draw(r, B64, 33) + "AzC" + "a" + draw(r, B64, 6) + "=",
    "acr": lambda r: draw(r, B64, 42) + "+AC" + "R" + draw(r, B64, 6),
    "search": lambda r: draw(r, ALNUM, 42) + "Az" + "Se" + draw(r, ALNUM, 6),
    "function": lambda r: draw(r, URL64, 44) + "Az" + "Fu" + draw(r, URL64, 6) + "==",
    "cask": lambda r: draw(r, ALNUM, 52) + "JQQ" + "J99" + draw(r, ALNUM, 26),
    "client secret": lambda r: draw(r, ALNUM, 3) + "8" + "Q~" + draw(r, ALNUM, 34),
    "refresh token": lambda r: "0." + "A" + draw(r, URL64, 40) + "." + draw(r, URL64, 300),
    "jwt": jwt,
    "aws id": _p("AK" + "IA", UPPER, 16),
    "google api": _p("AI" + "za", URL64, 35),
    "google access": _p("ya" + "29.", URL64, 120),
    "google client": _p("GOC" + "SPX-", URL64, 28),
    "github": _p("gh" + "p_", ALNUM, 36),
    "github server": _p("gh" + "s_", ALNUM, 36),
    "github fine": lambda r: "github" + "_pat_" + draw(r, ALNUM, 22) + "_" + draw(r, ALNUM, 59),
    "gitlab": _p("gl" + "pat-", ALNUM, 20),
    "huggingface": _p("h" + "f_", string.ascii_letters, 34),
    "wandb": _p("wandb" + "_v1_", ALNUM, 70),
    "openai": _p("sk" + "-", ALNUM, 48),
    "openai project": _p("sk" + "-proj-", URL64, 120),
    "anthropic": _p("sk" + "-ant-api03-", URL64, 93),
    "slack bot": lambda r: "xo" + f"xb-{draw(r, '123456789', 12)}-{draw(r, '123456789', 12)}-{draw(r, ALNUM, 24)}",
    "slack hook": lambda r: "https://hooks." + f"slack.com/services/T{draw(r, UPPER, 8)}/B{draw(r, UPPER, 8)}/{draw(r, ALNUM, 24)}",
    "telegram": lambda r: draw(r, "123456789", 9) + ":A" + "A" + draw(r, URL64, 33),
    "stripe": _p("sk" + "_live_", ALNUM, 24),
    "twilio": _p("S" + "K", HEX, 32),
    "sendgrid": lambda r: "S" + f"G.{draw(r, URL64, 22)}.{draw(r, URL64, 43)}",
    "mailgun": _p("key" + "-", HEX, 32),
    "mailchimp": lambda r: draw(r, HEX, 32) + "-us" + "12",
    "shopify": _p("shp" + "at_", HEX, 32),
    "npm": _p("np" + "m_", ALNUM, 36),
    "pypi": _p("py" + "pi-AgEIcHlwaS5vcmc", URL64, 130),
    "docker": _p("dckr" + "_pat_", URL64, 27),
    "databricks": _p("da" + "pi", HEX, 32),
    "vault": _p("hv" + "s.", URL64, 90),
    "terraform": lambda r: draw(r, ALNUM, 14) + ".atlas" + "v1." + draw(r, URL64, 64),
    "digitalocean": _p("do" + "p_v1_", HEX, 64),
    "grafana": _p("gl" + "c_", ALNUM, 60),
    "new relic": _p("NR" + "AK-", UPPER, 27),
    "dynatrace": lambda r: "dt0" + f"c01.{draw(r, UPPER, 24)}.{draw(r, UPPER, 64)}",
    "linear": _p("lin" + "_api_", ALNUM, 40),
    "figma": _p("fig" + "d_", URL64, 40),
    "postman": lambda r: "PM" + f"AK-{draw(r, HEX, 24)}-{draw(r, HEX, 34)}",
    "atlassian": _p("AT" + "ATT3xFfGF0", URL64, 170),
    "supabase": _p("sb" + "p_", HEX, 40),
    "replicate": _p("r" + "8_", ALNUM, 37),
    "groq": _p("gs" + "k_", ALNUM, 52),
    "perplexity": _p("pp" + "lx-", ALNUM, 48),
    "nvidia": _p("nv" + "api-", URL64, 64),
    "langsmith": lambda r: "lsv2" + f"_pt_{draw(r, HEX, 32)}_{draw(r, HEX, 10)}",
    "age": _p("AGE" + "-SECRET-KEY-1", UPPER, 58),
    "jfrog": _p("AK" + "Cp", ALNUM, 69),
    "sonar": _p("sq" + "u_", HEX, 40),
    "tailscale": lambda r: "ts" + f"key-auth-{draw(r, ALNUM, 12)}-{draw(r, ALNUM, 32)}",
    "bcrypt": lambda r: "$2" + "b$12$" + draw(r, ALNUM + "./", 53),
    "apr1": lambda r: "$ap" + f"r1${draw(r, ALNUM, 8)}${draw(r, ALNUM, 22)}",
}


def password(rng):
    base = draw(rng, ALNUM, rng.randint(8, 14))
    return rng.choice([base + "7", base + "!9", "Aa1" + draw(rng, ALNUM + "!@#%^*_-+.", 10) + "z", draw(rng, string.ascii_lowercase, 7) + str(rng.randint(10, 9999))])


KEYED = [
    "password={v}", "password: {v}", "PASSWORD={v}", "db_password = '{v}'", '"password": "{v}"', "'password': '{v}'",
    "passwd={v}", "pwd={v};", "Passwort: {v}", "kennwort={v}", "mot_de_passe={v}", "mot de passe : {v}", "contraseña: {v}",
    "contrasena={v}", "mdp={v}", "clave_secreta: {v}", "export DB_PASSWORD={v}", "export API_KEY='{v}'", "ENV SECRET_KEY {v}",
    "set CLIENT_SECRET={v}", "$env:PGPASSWORD = '{v}'", "client_secret={v}", '"clientSecret":"{v}"', "api_key={v}",
    '"apiKey": "{v}"', "x-api-key: {v}", "api-key: {v}", "Ocp-Apim-Subscription-Key: {v}", "access_token={v}",
    '"access_token": "{v}"', '"refresh_token":"{v}"', "auth_token: {v}", "secret: {v}", "SECRET={v}", "aws_secret_access_key = {v}",
    "AWS_SECRET_ACCESS_KEY={v}", "AccountKey={v};", "SharedAccessKey={v}", "--password {v}", "--password={v}", "--api-key {v}",
    "--client-secret '{v}'", "['--password', '{v}']", "Namespace(user='x', password='{v}', lr=0.1)", "Config(api_key='{v}')",
    "{{'user': 'x', 'password': '{v}'}}", "<password>{v}</password>", '<add key="Password" value="{v}"/>', '<db password="{v}"/>',
    "password => {v}", 'password := "{v}"', "| password | {v} |", "password\t{v}", "('password', '{v}')", "name: DB_PASSWORD\n  value: {v}",
    '{{"name": "API_KEY", "value": "{v}"}}', "password:\n  {v}", "postgresql://user:{v}@db.example.com:5432/app",
    "mysql+pymysql://root:{v}@10.0.0.4/train", "mongodb+srv://me:{v}@cluster0.ab.mongodb.net/x", "redis://:{v}@cache:6379/0",
    "amqp://guest:{v}@mq:5672/", "https://me:{v}@github.com/o/r.git", "jdbc:sqlserver://h:1433;user=sa;password={v};encrypt=true",
    "Driver={{ODBC Driver 18}};Server=tcp:h,1433;Uid=sa;Pwd={v};Encrypt=yes", "Server=h;User ID=sa;Password={v};",
    "curl -u me:{v} https://h/x", "curl --user 'me:{v}' https://h", "docker login -u me -p {v} r.azurecr.io", "mysql -u root -p{v} db",
    "sshpass -p {v} ssh h", "machine h login me password {v}", "db.example.com:5432:app:me:{v}", "IDENTIFIED BY '{v}'",
    "CREATE USER x WITH PASSWORD '{v}'", "ALTER LOGIN x WITH PASSWORD = '{v}'", "Authorization: Bearer {v}{v}", "Authorization: token {v}",
    "'Authorization': 'Bearer {v}{v}'", "-H 'Authorization: Bearer {v}{v}'", "Cookie: session={v}", "Set-Cookie: sid={v}; Path=/",
    "//registry.npmjs.org/:_authToken={v}", "_password={v}", "WANDB_API_KEY={v}", "HF_TOKEN={v}", "token: {v}aB3x9", "token={v}aB3x9",
    "hf_token='{v}'", "spark.hadoop.fs.azure.account.key={v}", "fs.azure.account.key.acct.dfs.core.windows.net={v}",
    "private_key_password={v}", "password is {v}", "keystore.password={v}", "SecretStr('{v}')" , "password=SecretStr('{v}')",
    "password=b'{v}'", 'passphrase: "{v}"', "sasToken={v}", "https://h/x?sv=2021-08-06&se=2026-11-20T18%3A00Z&sr=b&sp=r&sig={v}{v}%3D",
    "https://f.azurewebsites.net/api/x?code={v}{v}", "https://h/x?api_key={v}", "https://h/x?access_token={v}&a=1",
    "SharedAccessSignature sr=h&sig={v}{v}%3D&se=17&skn=k", "[2026] DEBUG connect(host='h', user='me', password='{v}')",
    "wachtwoord={v}", "senha: {v}", "geheimnis: {v}", "Zugangsschlüssel: {v}", "jeton: {v}", "hasło={v}", "пароль: {v}", "密码: {v}",
]
KEYED.remove("SecretStr('{v}')")

AROUND = ["{s}", "2026-11-20 08:10:21,350 INFO train: {s}", "  {s},", "got ({s})", "[rank0]: {s} # set", "> {s}"]


def esc_json(text):
    return json.dumps({"msg": text})


HIDDEN = {
    "json": lambda s, v, r: json.dumps({"m": s}),
    "json in json": lambda s, v, r: json.dumps({"m": json.dumps({"n": s})}),
    "unicode escapes": lambda s, v, r: s.replace("=", "\\u003d").replace('"', "\\u0022").replace("&", "\\u0026"),
    "percent": lambda s, v, r: urllib.parse.quote(s, safe=""),
    "percent twice": lambda s, v, r: urllib.parse.quote(urllib.parse.quote(s, safe=""), safe=""),
    "html": lambda s, v, r: html.escape(s),
    "html numbers": lambda s, v, r: s.replace("=", "&#61;").replace('"', "&#34;").replace(":", "&#x3a;"),
    "repr": lambda s, v, r: repr({"x": s}),
    "base64": lambda s, v, r: "payload " + base64.b64encode(s.encode()).decode(),
    "base64 long": lambda s, v, r: "data:" + base64.b64encode(f'{{"cfg": "a", "b": "{s}"}}'.encode()).decode(),
    "ansi around": lambda s, v, r: s.replace(v, f"\x1b[32m{v}\x1b[0m"),
    "ansi inside": lambda s, v, r: s.replace(v, v[:4] + "\x1b[1m" + v[4:]),
    "ansi in name": lambda s, v, r: s[:3] + "\x1b[0;33m" + s[3:],
    "zero width": lambda s, v, r: s.replace(v, v[:5] + "\u200b" + v[5:]),
    "nul": lambda s, v, r: "\0".join(s),
}

DECOYS = [
    "num_tokens=512 pad_token='<pad>' eos_token_id=2", "max_tokens: 4096, n_tokens: 123456", "KeyError: 'token'", "KeyError: 'api_key'",
    "token=None", "password=None, user=None", "api_key=os.environ['OPENAI_API_KEY']", "password: ${{{{ secrets.DB_PASSWORD }}}}",
    "password=$DB_PASSWORD", "password: {{{{ db_password }}}}", "token = get_token(scope)", "self.token = token", "password=getpass.getpass()",
    "def f(password: str = None, token: Optional[str] = None):", "attention.self.key.weight", "encoder.layers.3.attn.key.bias torch.Size([768, 768])",
    "key_padding_mask=None", "primary_key=user_id", "sort_key: created_at", "cache_key=abc_{h8}", "run id {run}", "parent run: {guid}",
    "etag: \"0x8DC{H13}\"", "Content-MD5: {md5}==", "sha256:{h64}", "git commit {h40}", "digest: sha256:{h64}", "integrity sha512-{b86}==",
    "image: myacr.azurecr.io/azureml/azureml_{h32}:latest", "checkpoint saved to /mnt/azureml/cr/j/{h32}/exe/wd/ckpt-{n}.pt",
    "Signature did not match. String to sign used was GET", "signature: (x: Tensor) -> Tensor", "loss=0.{n} acc=0.{n} lr=1e-05",
    "x-ms-request-id: {guid}", "traceparent: 00-{h32}-{h16}-01", "session_id={guid}", "tokens/s: 12{n}", "total_tokens=12{n} prompt_tokens=3{n}",
    "Password required", "password authentication failed for user \"train\"", "invalid token: unexpected end of input", "secret_name: my-kv-secret",
    "token_endpoint=https://login.microsoftonline.com/common", "tokenizer=bert-base-uncased", "AZUREML_RUN_TOKEN_EXPIRY={n}89012",
    "auth_type: managed_identity", "credential: ManagedIdentityCredential", "Using token authentication", "passed: 12 failed: 0", "pass=1 epoch=3",
    "PWD=/mnt/azureml/cr/j/{h32}/exe/wd", "token: '▁the' id: 262", "token='hello' logprob=-0.{n}", "special_tokens_map.json", "pad_token_id: 0",
    "KeyVault name: kv-train-{h8}", "public_key: ssh-rsa", "keys: ['loss', 'acc', 'val_loss']", "Missing key(s) in state_dict: \"head.weight\"",
    "password: ********", "token: <hidden>", "api_key=[REDACTED]", "secretKeyRef:\n  name: db-{h8}", "password_file=/run/secrets/db",
    "bearer token expired", "author: Jane Doe", "authenticated as train-identity", "https://acct.blob.core.windows.net/c/azureml/ExperimentRun/dcid.{run}/user_logs/std_log.txt",
    "mlflow.run_id={h32}", "experiment_id={n}{n}", "seed={n} world_size=8 MASTER_ADDR=10.0.0.4 MASTER_PORT=29500", "node {h32} rank 3", "cuda:0 0x7f{h10}",
    "wandb: Run data is saved locally in wandb/run-20261120_081021-{a8}", "uuid={guid}", "blob etag 0x8DC{H13} md5 {md5}==", "snapshot id: {guid}",
    "keyword=training", "monkey=banana", "keyboard: qwertz", "hockey=1", "turkey: 42", "tokenize_fn: default", "bypass=true", "compass: north",
    "signal=15 code=137", "patience=10 pattern=*.pt path=/data", "key=value", "key: features/0", "sorted by key=lambda x: x[0]", "max(d, key=d.get)",
    "secrets mounted: 0", "authority: https://login.microsoftonline.com/{guid}", "cookie_secret_file=/x/y", "session=<requests.Session object at 0x7f{h10}>",
    "version: 1.13.1+cu117 sha {h12}", "CUDA_VISIBLE_DEVICES=0,1 NCCL_DEBUG=INFO", "workspace key vault: /subscriptions/{guid}/resourceGroups/rg",
]


def decoy(template, rng):
    fill = {
        "h8": draw(rng, HEX, 8), "h10": draw(rng, HEX, 10), "h12": draw(rng, HEX, 12), "h16": draw(rng, HEX, 16), "h32": draw(rng, HEX, 32),
        "h40": draw(rng, HEX, 40), "h64": draw(rng, HEX, 64), "H13": draw(rng, HEX.upper(), 12), "b86": draw(rng, B64, 86),
        "md5": draw(rng, B64, 22), "n": str(rng.randint(100, 9999)), "a8": draw(rng, string.ascii_lowercase + string.digits, 8),
        "run": f"amber_{draw(rng, string.ascii_lowercase, 6)}_{draw(rng, string.ascii_lowercase + string.digits, 10)}",
        "guid": "-".join(draw(rng, HEX, size) for size in (8, 4, 4, 4, 12)),
    }
    return template.format(**fill)
