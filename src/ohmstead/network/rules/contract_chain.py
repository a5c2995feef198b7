"""Whether the certificates of a Plug & Charge contract lead to a root that this network trusts (ISO 15118-2, 7.3).

Pure: what responders say of the chain is asked elsewhere.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from ohmstead.station.certificates import CertificateState
from ohmstead.station.tokens import canonical_uid

LONGEST: Final = 4  # leaf, two sub-authorities, and a root that should have been left out

type Chain = Sequence[x509.Certificate]  # the leaf first, the root that it leads to last


class ChainRefused(Exception):
    """`state` is what the station hears, the message what the operator reads."""

    def __init__(self, state: CertificateState, message: str) -> None:
        super().__init__(message)
        self.state = state


def checked(chain_pem: str, contract: str, roots: Chain, now: datetime) -> list[x509.Certificate]:
    """The chain with its root at the end. Raises ChainRefused. The cost is one signature for each certificate."""
    chain = _read(chain_pem)
    if canonical_uid(_name(chain[0])) != canonical_uid(contract):
        raise ChainRefused(CertificateState.CHAIN_ERROR, f"the certificate is for another contract, {_name(chain[0])}")
    for each in chain:
        if not each.not_valid_before_utc <= now <= each.not_valid_after_utc:
            span = f"from {each.not_valid_before_utc:%Y-%m-%d} to {each.not_valid_after_utc:%Y-%m-%d}"
            raise ChainRefused(CertificateState.EXPIRED, f"{_name(each)} is valid {span}")
    for issued, issuer in pairwise(chain):
        _issued_by(issued, issuer)
    root = next((each for each in roots if each.subject == chain[-1].issuer), None)
    if root is None:
        raise ChainRefused(CertificateState.CHAIN_ERROR, f"no trusted root is named {_common(chain[-1].issuer)}")
    if not root.not_valid_before_utc <= now <= root.not_valid_after_utc:
        raise ChainRefused(CertificateState.EXPIRED, f"the trusted root {_name(root)} is no longer valid")
    if chain[-1] == root:
        return chain
    _issued_by(chain[-1], root)
    return [*chain, root]


def _read(chain_pem: str) -> list[x509.Certificate]:
    try:
        chain = x509.load_pem_x509_certificates(chain_pem.encode())
    except ValueError:
        raise ChainRefused(CertificateState.CHAIN_ERROR, "what the car sent is no chain of certificates") from None
    if len(chain) > LONGEST:
        raise ChainRefused(CertificateState.CHAIN_ERROR, f"the chain has {len(chain)} certificates, at most {LONGEST}")
    return chain


def _issued_by(issued: x509.Certificate, issuer: x509.Certificate) -> None:
    if not _is_authority(issuer):
        raise ChainRefused(CertificateState.CHAIN_ERROR, f"{_name(issuer)} may not issue certificates")
    try:
        issued.verify_directly_issued_by(issuer)
    except InvalidSignature:
        raise ChainRefused(CertificateState.SIGNATURE_ERROR, f"{_name(issuer)} did not sign {_name(issued)}") from None
    except (ValueError, TypeError):  # another issuer is named, or a key that signs nothing
        raise ChainRefused(CertificateState.CHAIN_ERROR, f"{_name(issued)} was not issued by {_name(issuer)}") from None


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def responder_of(certificate: x509.Certificate) -> str | None:
    """Where the certificate says that its state is told (RFC 5280, 4.2.2.1)."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except (x509.ExtensionNotFound, ValueError):
        return None
    for each in access:
        if each.access_method == AuthorityInformationAccessOID.OCSP and isinstance(
            each.access_location, x509.UniformResourceIdentifier
        ):
            return each.access_location.value
    return None


def told_by(answer: ocsp.OCSPResponse, issuer: x509.Certificate, now: datetime) -> bool:
    """Signed by the issuer, or by one it named for this (RFC 6960, 4.2.2.2), and not outdated."""
    if answer.next_update_utc is not None and answer.next_update_utc < now:
        return False
    return any(_signed(answer, each) for each in (issuer, *(d for d in answer.certificates if _may_tell(d, issuer))))


def _may_tell(delegate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        delegate.verify_directly_issued_by(issuer)
        usage = delegate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound):
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in usage


def _signed(answer: ocsp.OCSPResponse, signer: x509.Certificate) -> bool:
    """`cryptography` checks signatures of certificates only: this is the same, over the answer's own bytes."""
    key, algorithm = signer.public_key(), answer.signature_hash_algorithm
    try:
        match key:
            case ec.EllipticCurvePublicKey() if algorithm is not None:
                key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(algorithm))
            case rsa.RSAPublicKey() if algorithm is not None:
                key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), algorithm)
            case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
                key.verify(answer.signature, answer.tbs_response_bytes)
            case _:
                return False
    except InvalidSignature:
        return False
    return True


def _name(certificate: x509.Certificate) -> str:
    return _common(certificate.subject)


def _common(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value)[:64] if found else name.rfc4514_string()[:64]
