"""Writes of the roots that Plug & Charge contracts are checked against: each is one transaction with its audit row."""

from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.db import transaction
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation
from ohmstead.network.errors import ContractRootRefused
from ohmstead.network.models import ContractRoot

MOST_PEM_CHARS: Final = 20_000
MOST: Final = 50  # of one organisation; every contract is held against all of them


@transaction.atomic(durable=True)
def trust_root(organisation: Organisation, certificate_pem: str, *, by: Actor) -> ContractRoot:
    """Accept contracts that lead to this root. Raises ContractRootRefused with a sentence."""
    root = _root_of(certificate_pem)
    fingerprint = root.fingerprint(hashes.SHA256()).hex()
    if ContractRoot.objects.filter(organisation=organisation, fingerprint=fingerprint).exists():
        raise ContractRootRefused("This root is trusted already.")
    if ContractRoot.objects.filter(organisation=organisation).count() >= MOST:
        raise ContractRootRefused("No more roots can be trusted. Remove one that is no longer used.")
    pem = root.public_bytes(Encoding.PEM).decode()
    added = ContractRoot.objects.create(
        organisation=organisation,
        name=_name(root),
        fingerprint=fingerprint,
        certificate_pem=pem,
        not_after=root.not_valid_after_utc,
    )
    record(by, "contract_root.trusted", added, fingerprint=fingerprint)
    return added


@transaction.atomic(durable=True)
def distrust_root(root: ContractRoot, *, by: Actor) -> None:
    """From now on no contract is accepted because of it; charges that run go on."""
    record(by, "contract_root.removed", root, fingerprint=root.fingerprint)
    root.delete()


def _root_of(certificate_pem: str) -> x509.Certificate:
    """One certificate that signed itself, may issue others and is still valid."""
    if len(certificate_pem) > MOST_PEM_CHARS:
        raise ContractRootRefused("That is more than one certificate. Add each root by itself.")
    try:
        found = x509.load_pem_x509_certificates(certificate_pem.encode())
    except ValueError:
        raise ContractRootRefused("That is no certificate in PEM.") from None
    if len(found) != 1:
        raise ContractRootRefused("That is more than one certificate. Add each root by itself.")
    root = found[0]
    try:
        root.verify_directly_issued_by(root)
        is_authority = root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound):
        is_authority = False
    if not is_authority:
        raise ContractRootRefused("This certificate is no root: it did not sign itself or may not issue others.")
    if root.not_valid_after_utc <= timezone.now():
        raise ContractRootRefused("This root is no longer valid.")
    return root


def _name(root: x509.Certificate) -> str:
    names = root.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return (str(names[0].value) if names else root.subject.rfc4514_string())[:120]
