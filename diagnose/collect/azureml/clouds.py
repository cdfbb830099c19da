"""The Azure clouds: where each one's services are, and which hosts may be told who we are."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from diagnose.errors import UsageError


@dataclass(frozen=True, slots=True)
class Cloud:
    """The end points of one Azure cloud; hosts without scheme. Source: azure-ai-ml's own table of 1.35."""

    name: str
    arm: str
    authority: str
    workspace_suffix: str
    """What the hosts of every workspace end in, private endpoints included."""
    storage_suffix: str
    studio: str
    analytics: str
    """Log Analytics, asked only where the user named a workspace of it."""

    @property
    def arm_scope(self) -> str:
        """What a token for ARM and for run history is asked for; one serves both."""
        return f"https://{self.arm}/.default"

    @property
    def storage_scope(self) -> str:
        """What a token for blob storage is asked for; the same in every cloud."""
        return "https://storage.azure.com/.default"

    def trusts(self, host: str) -> bool:
        """Whether a bearer token may be sent there: only to the services of the cloud that was signed in to."""
        return host in (self.arm, self.analytics) or self.is_workspace(host) or self.is_storage(host)

    def is_workspace(self, host: str) -> bool:
        """Whether run history, metrics and MLflow may be asked of this host."""
        return host.endswith(f".{self.workspace_suffix}")

    def is_storage(self, host: str) -> bool:
        """Whether this is the blob service of one storage account."""
        account, _, rest = host.partition(".")
        # Accounts with a DNS zone of their own have one more step: account.z01.blob.storage.azure.net.
        return bool(account) and (
            rest in (f"blob.{self.storage_suffix}", f"privatelink.blob.{self.storage_suffix}")
            or (self.name == "AzureCloud" and rest.endswith(".blob.storage.azure.net"))
        )


CLOUDS = {
    cloud.name: cloud
    for cloud in (
        Cloud(
            "AzureCloud",
            "management.azure.com",
            "login.microsoftonline.com",
            "api.azureml.ms",
            "core.windows.net",
            "ml.azure.com",
            "api.loganalytics.io",
        ),
        Cloud(
            "AzureUSGovernment",
            "management.usgovcloudapi.net",
            "login.microsoftonline.us",
            "api.ml.azure.us",
            "core.usgovcloudapi.net",
            "ml.azure.us",
            "api.loganalytics.us",
        ),
        Cloud(
            "AzureChinaCloud",
            "management.chinacloudapi.cn",
            "login.chinacloudapi.cn",
            "api.ml.azure.cn",
            "core.chinacloudapi.cn",
            "studio.ml.azure.cn",
            "api.loganalytics.azure.cn",
        ),
    )
}


def cloud_named(name: str) -> Cloud:
    """The cloud of that name; raises UsageError for one that nobody knows."""
    for known, cloud in CLOUDS.items():
        if known.lower() == name.lower():
            return cloud
    raise UsageError(f"There is no Azure cloud {name!r}; the clouds are {', '.join(CLOUDS)}.")


def host_of(url: str) -> str | None:
    """The host of an https URL on its usual port and without a user name; None for anything else."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.port in (None, 443) and parts.username is None
    except ValueError:
        return None
    return parts.hostname if plain else None
