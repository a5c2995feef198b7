"""The roots of contracts in the console and through the API."""

import pytest

from tests.doubles.contracts import Issued

PAGE = "/console/contract-roots"


@pytest.fixture(scope="module")
def root():
    return Issued("MO Root")


def test_a_root_is_trusted_and_removed_by_typing_its_name(operator, network, root):
    assert "No root is trusted yet" in operator.get(PAGE).text
    added = operator.post(PAGE, {"certificate_pem": root.pem}, follow=True)
    assert "Contracts that lead to MO Root are accepted now." in added.text
    remove = f"{PAGE}/{network.hill.contract_roots.get().pk}/remove"
    assert operator.post(remove, {"typed": "something else"}).status_code == 422
    assert "no longer trusted" in operator.post(remove, {"typed": "MO Root"}, follow=True).text
    assert not network.hill.contract_roots.exists()


@pytest.mark.parametrize(
    ("pem", "words"),
    [
        pytest.param("hello", "no certificate in PEM", id="not PEM"),
        pytest.param(lambda root: root.pem * 2, "more than one certificate", id="two"),
        pytest.param(lambda root: Issued("Sub", root).pem, "did not sign itself", id="a sub-authority"),
        pytest.param(lambda root: Issued("Car", authority=False).pem, "may not issue others", id="no authority"),
        pytest.param(lambda root: Issued("Old", days=-1).pem, "no longer valid", id="expired"),
        pytest.param("x" * 20_001, "more than one certificate", id="too long"),
    ],
)
def test_what_is_no_root_is_refused_in_words_and_stays_in_the_form(operator, network, root, pem, words):
    text = pem(root) if callable(pem) else pem
    refused = operator.post(PAGE, {"certificate_pem": text})
    assert (refused.status_code, words in refused.text) == (422, True)
    assert text.strip()[:40] in refused.text
    assert not network.hill.contract_roots.exists()


def test_a_root_is_trusted_once(operator, network, root):
    operator.post(PAGE, {"certificate_pem": root.pem})
    assert "trusted already" in operator.post(PAGE, {"certificate_pem": root.pem}).text
    assert network.hill.contract_roots.count() == 1
