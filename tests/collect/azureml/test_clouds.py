import pytest

from diagnose.collect.azureml.clouds import CLOUDS, cloud_named, host_of
from diagnose.errors import UsageError

PUBLIC, CHINA = CLOUDS["AzureCloud"], CLOUDS["AzureChinaCloud"]


@pytest.mark.parametrize(
    "host",
    [
        "management.azure.com",
        "westeurope.api.azureml.ms",
        "guid.workspace.westeurope.api.azureml.ms",
        "acct.blob.core.windows.net",
        "acct.privatelink.blob.core.windows.net",
        "acct.z01.blob.storage.azure.net",
        "api.loganalytics.io",
    ],
)
def test_the_services_of_a_cloud_are_trusted(host):
    assert PUBLIC.trusts(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "management.azure.com.evil.example",
        "notmanagement.azure.com",
        "management.azure.com.",
        "api.azureml.ms",
        "westeurope.api.azureml.ms.evil.example",
        "evilapi.azureml.ms",
        "core.windows.net",
        "blob.core.windows.net",
        ".blob.core.windows.net",
        "acct.file.core.windows.net",
        "acct.blob.core.windows.net.evil.example",
        "acct.evil.blob.core.windows.net",
        "acct.blobcore.windows.net",
        "acct.evilblob.storage.azure.net",
        "management.chinacloudapi.cn",
        "acct.blob.core.chinacloudapi.cn",
        "169.254.169.254",
        "localhost",
    ],
)
def test_nobody_else_is_trusted(host):
    assert not PUBLIC.trusts(host)


@pytest.mark.parametrize("cloud", CLOUDS.values(), ids=CLOUDS)
def test_no_cloud_trusts_the_services_of_another(cloud):
    for other in CLOUDS.values():
        hosts = (other.arm, f"x.{other.workspace_suffix}", f"x.blob.{other.storage_suffix}")
        assert {cloud.trusts(host) for host in hosts} == {cloud is other}


def test_a_token_is_asked_for_the_cloud_that_was_signed_in_to():
    assert PUBLIC.arm_scope == "https://management.azure.com/.default"
    assert CHINA.arm_scope == "https://management.chinacloudapi.cn/.default"
    assert CHINA.storage_scope == PUBLIC.storage_scope == "https://storage.azure.com/.default"


@pytest.mark.parametrize("name", ["AzureChinaCloud", "azurechinacloud", "AZURECHINACLOUD"])
def test_a_cloud_is_found_by_its_name_however_written(name):
    assert cloud_named(name) is CHINA


def test_an_unknown_cloud_is_told_with_the_known_ones():
    with pytest.raises(UsageError, match=r"AzureGermanCloud.*AzureCloud, AzureUSGovernment, AzureChinaCloud"):
        cloud_named("AzureGermanCloud")


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://a.example/b", "a.example"),
        ("https://A.Example:443/b", "a.example"),
        ("https://a.example:8443/b", None),
        ("http://a.example/b", None),
        ("ftp://a.example/b", None),
        ("https://me@a.example/b", None),
        ("https://management.azure.com@evil.example/b", None),
        ("https://a.example:port/b", None),
        ("https://[::1/b", None),
        ("https:///b", None),
        ("//a.example/b", None),
        ("a.example", None),
        ("", None),
    ],
)
def test_only_a_plain_https_url_names_a_host(url, host):
    assert host_of(url) == host
