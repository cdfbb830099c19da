"""A certificate authority for one workspace, and one certificate for all the production host names."""

import ssl
from dataclasses import dataclass
from pathlib import Path

HOSTS = (
    "management.azure.com",
    "api.loganalytics.io",
    "login.microsoftonline.com",
    "*.api.azureml.ms",
    "*.blob.core.windows.net",
    "localhost",
    "127.0.0.1",
)


@dataclass(frozen=True)
class Certificates:
    """Where the files are: what a client has to trust, and what the servers show."""

    authority: Path
    certificate: Path
    key: Path

    def for_server(self) -> ssl.SSLContext:
        """What the server greets with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context

    def for_client(self) -> ssl.SSLContext:
        """What trusts the servers here and nobody else."""
        return ssl.create_default_context(cafile=str(self.authority))


def issue(folder: Path) -> Certificates:
    """Make an authority and a certificate in `folder`."""
    import trustme  # noqa: PLC0415  # may be missing: see `available`

    made = Certificates(folder / "authority.pem", folder / "certificate.pem", folder / "key.pem")
    authority = trustme.CA(organization_name="loopback")
    certificate = authority.issue_cert(*HOSTS, organization_name="loopback")
    authority.cert_pem.write_to_path(str(made.authority))
    certificate.private_key_pem.write_to_path(str(made.key))
    for number, blob in enumerate(certificate.cert_chain_pems):
        blob.write_to_path(str(made.certificate), append=number > 0)
    return made
