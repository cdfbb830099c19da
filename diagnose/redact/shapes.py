"""Secrets that are known by their shape alone, each vendor's signature in one line.

A shape holds no look-around, so that the same text serves the engine that nominates and the look that decides.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from diagnose.redact.spans import Span

_B64 = "[A-Za-z0-9+/]"
_URL64 = "[A-Za-z0-9_-]"
_NOTHING = r"(?!)"
"""A signature in the middle is enough."""


@dataclass(frozen=True)
class Shape:
    """One kind of secret: a text that it always holds (empty: none is known), and its pattern."""

    kind: str
    holds: str
    regex: str
    before: str = r"[A-Za-z0-9_]"
    """What may not stand right before it."""
    mixed: bool = False
    """Words of lower case joined by hyphens are none."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """With its left border."""
        return re.compile(f"(?<!{self.before})(?:{self.regex})")

    def spans(self, text: str) -> Iterator[Span]:
        """Every one in the text."""
        if self.holds and self.holds not in text:
            return
        for match in self.pattern.finditer(text):
            if not self.mixed or _is_mixed(match[0]):
                yield Span(match.start(), match.end(), self.kind, match[0])


def _is_mixed(value: str) -> bool:
    tail = value.partition("-")[2] or value
    return any(map(str.isdigit, tail)) and (any(map(str.isupper, tail)) or len(set(tail)) >= 12)


SHAPES = (
    Shape("azure-account-key", "==", rf"{_B64}{{76}}(?:\+ASt|ACDb|\+ABa|AMDt){_B64}{{6}}==", _NOTHING),
    Shape(
        "azure-account-key", "==", rf"{_B64}{{86}}==", r"[A-Za-z0-9+/]|(?<=sha512)[-:= ]|(?<=SHA512)[-:= ]"
    ),
    Shape(
        "azure-key",
        "",
        rf"{_B64}{{30,35}}(?:\+ASb|\+AEh|\+ARm|AIoT|AzCa|AZEG){_B64}{{5,8}}=",
        _NOTHING,
    ),
    Shape("azure-registry-key", "+ACR", rf"{_B64}{{42}}\+ACR{_B64}{{6}}", _NOTHING),
    Shape("azure-search-key", "AzSe", r"[A-Za-z0-9]{42}AzSe[A-Za-z0-9]{6}"),
    Shape("azure-function-key", "AzFu", rf"{_URL64}{{44}}AzFu{_URL64}{{5,8}}={{0,2}}", r"[A-Za-z0-9_-]"),
    Shape("azure-key", "JQQJ99", r"[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{26}"),
    Shape(
        "azure-client-secret", "Q~", r"[A-Za-z0-9_~.-]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}", r"[A-Za-z0-9_~.-]"
    ),
    Shape("azure-refresh-token", ".A", rf"[01]\.A{_URL64}{{30,}}[A-Za-z0-9_.-]*", r"[A-Za-z0-9_.-]"),
    Shape("microsoft-token", "Ew", rf"Ew[A-D]{_B64}{{100,}}={{0,2}}", r"[A-Za-z0-9+/]"),
    Shape("jwt", "eyJ", rf"eyJ{_URL64}{{8,}}\.{_URL64}{{8,}}(?:\.{_URL64}*){{0,3}}", r"[A-Za-z0-9_-]"),
    Shape("aws-access-key", "", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}", r"[A-Za-z0-9]"),
    Shape("aws-bedrock-key", "ABSK", rf"ABSK{_B64}{{60,}}={{0,2}}"),
    Shape("google-api-key", "AIza", rf"AIza{_URL64}{{35}}"),
    Shape("google-token", "ya29.", rf"ya29\.{_URL64}{{20,}}[A-Za-z0-9_.-]*"),
    Shape("google-client-secret", "GOCSPX-", rf"GOCSPX-{_URL64}{{20,}}"),
    Shape("google-refresh-token", "1//0", rf"1//0{_URL64}{{30,}}"),
    Shape("github-token", "gh", r"gh[pousr]_[A-Za-z0-9]{30,255}", r"[A-Za-z0-9]"),
    Shape("github-token", "github_pat_", r"github_pat_[A-Za-z0-9_]{30,255}", r"[A-Za-z0-9]"),
    Shape(
        "gitlab-token",
        "gl",
        r"gl(?:pat|dt|rt|cbt|ptt|ft|agent|soat|imt|ffct|oas|rtr)-[A-Za-z0-9_.-]{18,}",
        r"[A-Za-z0-9]",
    ),
    Shape("gitlab-token", "GR1348941", rf"GR1348941{_URL64}{{20}}"),
    Shape("huggingface-token", "hf_", r"hf_[A-Za-z0-9]{28,}"),
    Shape("huggingface-token", "api_org_", r"api_org_[A-Za-z0-9]{30,}"),
    Shape("wandb-key", "wandb_v1_", r"wandb_v1_[A-Za-z0-9_-]{20,}"),
    Shape("anthropic-key", "sk-ant-", rf"sk-ant-{_URL64}{{20,}}"),
    Shape("openai-key", "sk-", rf"sk-{_URL64}{{20,}}", r"[A-Za-z0-9_-]", mixed=True),
    Shape("langfuse-key", "sk-lf-", r"sk-lf-[0-9a-f-]{36}"),
    Shape("openai-session", "sess-", r"sess-[A-Za-z0-9]{40}"),
    Shape("slack-token", "xox", r"xox[abceoprs](?:\.[a-z]{3,5})?-[A-Za-z0-9-]{10,}"),
    Shape("slack-token", "xapp-", r"xapp-\d-[A-Za-z0-9-]{20,}"),
    Shape(
        "slack-webhook",
        "hooks.slack.com/",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{20,}",
    ),
    Shape(
        "discord-webhook", "/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d{15,}/[A-Za-z0-9_-]{20,}"
    ),
    Shape("teams-webhook", "webhook", r"webhook\.office\.com/webhookb2/[A-Za-z0-9@/_-]{30,}"),
    Shape("zapier-webhook", "hooks.zapier.com", r"hooks\.zapier\.com/hooks/catch/[A-Za-z0-9/]{8,}"),
    Shape(
        "discord-token",
        ".",
        r"[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}",
        r"[A-Za-z0-9_.-]",
    ),
    Shape("telegram-token", ":AA", r"\d{8,10}:AA[A-Za-z0-9_-]{33}", r"\d"),
    Shape("stripe-key", "_", r"[srp]k_(?:live|test|prod)_[0-9a-zA-Z]{10,}", r"[A-Za-z0-9]"),
    Shape("webhook-secret", "whsec_", r"whsec_[A-Za-z0-9+/=]{20,}"),
    Shape("twilio-key", "SK", r"SK[0-9a-f]{32}"),
    Shape("sendgrid-key", "SG.", rf"SG\.{_URL64}{{16,}}\.{_URL64}{{16,}}"),
    Shape("mailgun-key", "key-", r"key-[0-9a-f]{32}"),
    Shape("mailchimp-key", "-us", r"[0-9a-f]{32}-us\d{1,2}"),
    Shape("brevo-key", "xkeysib-", r"xkeysib-[a-f0-9]{60,}-[A-Za-z0-9]{16}"),
    Shape("square-token", "sq0", rf"sq0(?:atp|csp|idp)-{_URL64}{{22,}}"),
    Shape("shopify-token", "shp", r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    Shape("npm-token", "npm_", r"npm_[A-Za-z0-9]{36}", r"[A-Za-z0-9]"),
    Shape("pypi-token", "pypi-", rf"pypi-{_URL64}{{40,}}"),
    Shape("rubygems-key", "rubygems_", r"rubygems_[0-9a-f]{40,}"),
    Shape("nuget-key", "oy2", r"oy2[a-z0-9]{43}"),
    Shape("crates-token", "cio", r"cio[A-Za-z0-9]{32}"),
    Shape("docker-token", "dckr_", rf"dckr_(?:pat|oat)_{_URL64}{{20,}}"),
    Shape("databricks-token", "d", r"(?:dapi|dkea|dose)[0-9a-f]{32}(?:-\d{1,2})?"),
    Shape("vault-token", "hv", rf"hv[sbr]\.{_URL64}{{20,}}"),
    Shape("vault-token", "s.", r"s\.[A-Za-z0-9]{24}", r"[A-Za-z0-9_./-]", mixed=True),
    Shape("terraform-token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{50,}"),
    Shape("digitalocean-token", "_v1_", r"do[opr]_v1_[a-f0-9]{64}"),
    Shape("heroku-key", "HRKU-", rf"HRKU-{_URL64}{{30,}}"),
    Shape("fly-token", "fm", r"fm[12]_[A-Za-z0-9+/_=-]{30,}"),
    Shape("netlify-token", "nfp_", r"nfp_[A-Za-z0-9]{36}"),
    Shape("doppler-token", "dp.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{38,}"),
    Shape(
        "grafana-token",
        "gl",
        r"gl(?:c_[A-Za-z0-9+/=]{32,}|sa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8})",
        r"[A-Za-z0-9]",
    ),
    Shape("newrelic-key", "NR", r"NR(?:AK|JS|II|AA|RA)-[A-Za-z0-9-]{19,40}"),
    Shape("sentry-token", "sntry", r"sntry[su]_[A-Za-z0-9+/=_-]{40,}"),
    Shape("dynatrace-token", "dt0", r"dt0[a-z]\d{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    Shape("linear-key", "lin_", r"lin_(?:api|oauth)_[A-Za-z0-9]{32,}"),
    Shape("notion-token", "ntn_", r"ntn_[A-Za-z0-9]{40,}"),
    Shape("notion-token", "secret_", r"secret_[A-Za-z0-9]{43}"),
    Shape("figma-token", "fig", rf"fig[dour]_{_URL64}{{38,}}"),
    Shape("airtable-token", "pat", r"pat[A-Za-z0-9]{14}\.[a-f0-9]{64}"),
    Shape("postman-key", "PMAK-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    Shape("atlassian-token", "AT", r"AT(?:ATT|CTT|BB)[A-Za-z0-9_=-]{24,}"),
    Shape("dropbox-token", "sl.", rf"sl\.(?:u\.)?{_URL64}{{60,}}"),
    Shape("supabase-key", "sb", r"sb(?:p_[a-f0-9]{40}|_secret_[A-Za-z0-9_-]{20,})"),
    Shape("planetscale-token", "pscale_", r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.=-]{32,}"),
    Shape("prefect-key", "pn", r"pn[ub]_[A-Za-z0-9]{36}"),
    Shape("replicate-token", "r8_", r"r8_[A-Za-z0-9]{37}"),
    Shape("groq-key", "gsk_", r"gsk_[A-Za-z0-9]{40,}"),
    Shape("perplexity-key", "pplx-", r"pplx-[A-Za-z0-9]{40,}"),
    Shape("xai-key", "xai-", r"xai-[A-Za-z0-9]{40,}"),
    Shape("fireworks-key", "fw_", r"fw_[A-Za-z0-9]{22,}"),
    Shape("together-key", "tgp_v1_", rf"tgp_v1_{_URL64}{{40,}}"),
    Shape("nvidia-key", "nvapi-", rf"nvapi-{_URL64}{{40,}}"),
    Shape("pinecone-key", "pcsk_", r"pcsk_[A-Za-z0-9_]{40,}"),
    Shape("langsmith-key", "lsv2_", r"lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}"),
    Shape("kaggle-token", "KGAT_", r"KGAT_[0-9a-f]{32}"),
    Shape("anyscale-key", "esecret_", r"esecret_[A-Za-z0-9]{20,}"),
    Shape("age-key", "AGE-SECRET-KEY-1", r"AGE-SECRET-KEY-1[A-Z0-9]{58}"),
    Shape("jfrog-key", "AKCp", r"AKCp[A-Za-z0-9]{60,}"),
    Shape("jfrog-token", "cmVmdGtuO", r"cmVmdGtuO[A-Za-z0-9+/]{30,}={0,2}"),
    Shape("sonar-token", "sq", r"sq[pua]_[0-9a-f]{40}"),
    Shape("buildkite-token", "bk", r"bk(?:ua|pat|aj)_[A-Za-z0-9]{36,}"),
    Shape("circleci-token", "CCI", r"CCIP(?:AT|RJ)_[A-Za-z0-9]{20,}_[0-9a-f]{40}"),
    Shape("pulumi-token", "pul-", r"pul-[a-f0-9]{40}"),
    Shape("tailscale-key", "tskey-", r"tskey-[a-z]+-[A-Za-z0-9]{8,}-[A-Za-z0-9]{10,}"),
    Shape("onepassword-token", "ops_eyJ", rf"ops_eyJ{_URL64}{{60,}}"),
    Shape(
        "onepassword-key",
        "A3-",
        r"A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}",
    ),
    Shape("adafruit-key", "aio_", r"aio_[A-Za-z0-9]{28}"),
    Shape("easypost-key", "EZ", r"EZ[AT]K[A-Za-z0-9]{54}"),
    Shape("flutterwave-key", "FLWSECK", r"FLWSECK(?:_TEST)?-[0-9a-zA-Z-]{12,}X?"),
    Shape("readme-key", "rdme_", r"rdme_[a-z0-9]{70}"),
    Shape("facebook-token", "EAA", r"EAA[A-Za-z0-9]{80,}"),
    Shape("yandex-key", "AQVN", r"AQVN[A-Za-z0-9_-]{35,38}"),
    Shape("alibaba-key", "LTAI", r"LTAI[A-Za-z0-9]{16,24}"),
    Shape("tencent-key", "AKID", r"AKID[A-Za-z0-9]{32}"),
    Shape(
        "password-hash",
        "$",
        r"\$(?:apr1|2[abxy]|1|5|6|y|argon2id?|argon2i)\$[./A-Za-z0-9$=,+]{20,}",
        r"[A-Za-z0-9$]",
    ),
    Shape("password-hash", "{SSHA", r"\{SSHA(?:256|512)?\}[A-Za-z0-9+/=]{20,}", r"[A-Za-z0-9]"),
)
