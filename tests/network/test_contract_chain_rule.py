"""The chain of a contract, from the car's certificate to a root that is trusted."""

from datetime import timedelta

import pytest
from cryptography.x509 import ocsp

from ohmstead.network.rules.contract_chain import ChainRefused, checked, responder_of, told_by
from tests.doubles.contracts import CONTRACT, NOW, Issued, told

ROOT = Issued("MO Root")
SUB = Issued("MO Sub 1", ROOT)
LEAF = Issued(CONTRACT, SUB, authority=False, days=300, responder="http://ocsp.example/")
CHAIN = LEAF.pem + SUB.pem
ROOTS = [ROOT.certificate]


@pytest.mark.parametrize("contract", [CONTRACT, "DE-8AA-C12345678", "de8aac12345678"])
def test_a_chain_to_a_trusted_root_is_good_in_any_spelling_of_its_contract(contract):
    assert checked(CHAIN, contract, ROOTS, NOW) == [LEAF.certificate, SUB.certificate, ROOT.certificate]


def test_a_root_that_came_along_changes_nothing():
    assert checked(CHAIN + ROOT.pem, CONTRACT, ROOTS, NOW)[-1] == ROOT.certificate


IMPOSTOR = Issued("MO Root")
NO_AUTHORITY = Issued("Another contract", ROOT, authority=False)


@pytest.mark.parametrize(
    ("chain", "contract", "roots", "now", "state", "words"),
    [
        pytest.param("nonsense", CONTRACT, ROOTS, NOW, "chain_error", "no chain of certificates", id="not PEM"),
        pytest.param(CHAIN, "DE8AAC99999999", ROOTS, NOW, "chain_error", "another contract", id="stolen certificate"),
        pytest.param(CHAIN, CONTRACT, [], NOW, "chain_error", "no trusted root is named MO Root", id="no root"),
        pytest.param(LEAF.pem, CONTRACT, ROOTS, NOW, "chain_error", "named MO Sub 1", id="sub-authority missing"),
        pytest.param(CHAIN, CONTRACT, ROOTS, NOW + timedelta(days=301), "expired", "is valid from", id="expired"),
        pytest.param(CHAIN, CONTRACT, ROOTS, NOW - timedelta(days=11), "expired", "is valid from", id="not yet valid"),
        pytest.param(CHAIN, CONTRACT, [IMPOSTOR.certificate], NOW, "signature_error", "did not sign", id="impostor"),
        pytest.param(LEAF.pem + ROOT.pem, CONTRACT, ROOTS, NOW, "chain_error", "was not issued by", id="wrong order"),
        pytest.param(CHAIN + SUB.pem * 3, CONTRACT, ROOTS, NOW, "chain_error", "has 5 certificates", id="too long"),
        pytest.param(
            Issued(CONTRACT, NO_AUTHORITY, authority=False).pem + NO_AUTHORITY.pem,
            CONTRACT, ROOTS, NOW, "chain_error", "may not issue", id="issued by another car",
        ),
    ],
)  # fmt: skip
def test_what_is_not_accepted_says_why(chain, contract, roots, now, state, words):
    with pytest.raises(ChainRefused, match=words) as refused:
        checked(chain, contract, roots, now)
    assert refused.value.state == state


def test_the_certificate_says_where_its_state_is_told():
    assert responder_of(LEAF.certificate) == "http://ocsp.example/"
    assert responder_of(SUB.certificate) is None


DELEGATE = Issued("Responder", SUB, authority=False, may_tell=True)
FELLOW = Issued("Fellow contract", SUB, authority=False)


@pytest.mark.parametrize(
    ("signer", "with_signer", "until", "believed"),
    [
        pytest.param(SUB, False, NOW + timedelta(days=1), True, id="by the issuer"),
        pytest.param(DELEGATE, True, NOW + timedelta(days=1), True, id="by one the issuer named for it"),
        pytest.param(FELLOW, True, NOW + timedelta(days=1), False, id="by another contract of the issuer"),
        pytest.param(ROOT, True, NOW + timedelta(days=1), False, id="by somebody else"),
        pytest.param(SUB, False, NOW - timedelta(hours=1), False, id="outdated"),
        pytest.param(SUB, False, None, True, id="without an end"),
    ],
)
def test_only_the_issuer_tells_the_state(signer, with_signer, until, believed):
    answer = ocsp.load_der_ocsp_response(told(LEAF, SUB, signer, until=until, with_signer=with_signer))
    assert told_by(answer, SUB.certificate, NOW) is believed
