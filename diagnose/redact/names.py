"""Names under which secrets are kept, in several languages, and how sure such a name is."""

from enum import IntEnum
from functools import lru_cache

from diagnose.redact.stoplist import is_harmless_name, words_of


class Trust(IntEnum):
    """How far a name alone makes a secret of its value."""

    NONE = 0
    WEAK = 1
    """Its value must look random."""
    MEDIUM = 2
    """Its value must be no word."""
    STRONG = 3


_STRONG = frozenset(
    """
    password passwd passwort kennwort pwd passphrase passcode passw userpass userpassword pswd passwrd motdepasse mdp
    contraseña contrasena contrasenya senha wachtwoord parola hasło haslo пароль 密码 パスワード dbpass dbpassword mypass
    sshpass pgpassword rootpassword adminpassword geheimwort kenwort zugangscode lösenord salasana heslo jelszó şifre
    sifre smtppass proxypass ftppass sqlpassword userpwd requirepass masterauth
    """.split()  # noqa: SIM905  (a list of words is read as one)
)
_MEDIUM = frozenset(
    """
    secret secrets apikey accesskey accountkey privatekey secretkey clientsecret sharedaccesskey sharedkey authkey
    authtoken accesstoken refreshtoken idtoken sessiontoken bearertoken storagekey masterkey subscriptionkey
    instrumentationkey encryptionkey signingkey primarykey2 geheimnis geheim secreto jeton zugangsschlüssel
    zugriffstoken apischlüssel sastoken webhooksecret appsecret consumersecret credential credentials connectionstring
    connstr connstring sharedaccesssignature licensekey functionkey hostkey deploykey clave llave schlüssel schluessel
    authorization appkey dockerauth cookie setcookie sessionid sessid phpsessid jsessionid csrftoken xsrftoken otp totp
    mfa pat personalaccesstoken webhook chave segredo geheimer sleutel devicecode zugangsdaten
    """.split()  # noqa: SIM905  (a list of words is read as one)
)
_WEAK = frozenset(
    """
    token tokens auth key sig signature session bearer salt pin nonce sid cred creds pass pw passe clé cle jwt sas dsn
    oauth tok
    """.split()  # noqa: SIM905  (a list of words is read as one)
)
_PASS_FIRST = frozenset(
    """
    db user root admin smtp ssh proxy ftp sql mysql pg postgres redis mongo login keystore truststore es rabbitmq mail
    imap ldap bind http git registry docker my test wifi service sudo su
    """.split()  # noqa: SIM905  (a list of words is read as one)
)
_KEY_FIRST = frozenset(
    """
    api access account private secret shared client encryption encrypt signing sign master auth storage subscription
    instrumentation license admin function host service ssh deploy write ingest sas app application consumer wandb comet
    openai azure aws anthropic mlflow neptune clearml datadog dd hf kaggle cohere mistral pinecone apim ocp gcp google
    cosmos search eventhub servicebus queue iot connection hmac fernet cipher decryption aes rsa jwt session django
    flask rails stripe twilio sendgrid mailgun algolia newrelic honeycomb pagerduty snyk pass wep wpa sentry elastic es
    rest vault gemini groq deepseek voyage tavily serper zugangs zugriffs api2 user web signature
    """.split()  # noqa: SIM905  (a list of words is read as one)
)
_TOKEN_FIRST = frozenset(
    """
    api access auth authentication refresh id session bearer github gh gitlab hf hub huggingface hugging face slack bot
    npm pypi databricks vault sas security user admin service account personal deploy ci registry aws wandb replicate
    mlflow dbt arm azure ado pat oauth client app application csrf xsrf jwt influx influxdb consul nomad circle travis
    codecov sonar snyk secret login identity graph jupyter notebook join bootstrap push device telegram discord x
    private run job dapr mapbox gitea zugriffs zugangs my the acr
    """.split()  # noqa: SIM905  (a list of words is read as one)
)


@lru_cache(maxsize=4096)
def trust_of(name: str) -> Trust:
    """How far a name (`db_password`, `clientSecret`, `num_tokens`) makes a secret of what it names."""
    words = words_of(name[-120:])
    best = Trust.NONE
    for at, word in enumerate(words):
        trust = _trust(words, at, word)
        if trust and not is_harmless_name(words, at, word):
            is_variable = name.isupper() and "_" in name and word in {"token", "key", "auth", "pat"}
            best = max(best, Trust.MEDIUM if is_variable else trust)
        elif trust:
            return Trust.NONE
    return best


def _trust(words: list[str], at: int, word: str) -> Trust:  # noqa: PLR0911  (a table of cases)
    two = words[at - 1] + word if at else word
    three = words[at - 2] + two if at > 1 else two
    if word in _STRONG or two in _STRONG or three in _STRONG:
        return Trust.STRONG
    before = words[at - 1] if at else ""
    if word in {"pass", "pw"} and before in _PASS_FIRST:
        return Trust.STRONG
    if word == "key" and (before in _KEY_FIRST or two in _MEDIUM or (before and "secret" in words[:at])):
        return Trust.MEDIUM
    if word in {"token", "tokens"} and before in _TOKEN_FIRST:
        return Trust.MEDIUM
    if word in _MEDIUM or two in _MEDIUM or three in _MEDIUM:
        return Trust.MEDIUM
    if len(word) > 8 and any(
        word.endswith(end) for end in ("password", "passwort", "passwd", "secret", "apikey", "passphrase")
    ):
        return Trust.MEDIUM
    if len(word) > 8 and word.endswith("token"):
        return Trust.WEAK
    return Trust.WEAK if word in _WEAK else Trust.NONE
