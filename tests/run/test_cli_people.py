import pytest
from typer.testing import CliRunner

from ohmstead.run.cli import app


@pytest.fixture
def run(database):
    def invoke(*words):
        shown = CliRunner().invoke(app, words)
        return shown.exit_code, " ".join(shown.output.split())

    return invoke


def test_the_first_owner_can_sign_in_with_the_password_shown(run):
    from ohmstead.access.models import Membership, User

    assert run("organisation", "add", "stadtwerke", "Stadtwerke")[0] == 0
    status, said = run("user", "add", "Ada@stadtwerke.example", "--name", "Ada")
    assert status == 0
    ada = User.objects.get(email="ada@stadtwerke.example")
    assert ada.check_password(said.split("shown this once: ")[1])
    assert Membership.objects.get(user=ada).role == "owner"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["user", "add", "a@b.example"], "Name one organisation with --organisation: none yet.", id="none"),
        pytest.param(["user", "add", "a@b.example", "--role", "king"], "king is none of owner", id="role"),
        pytest.param(["organisation", "add", "two words", "X"], "slug", id="slug"),
    ],
)
def test_a_mistake_gets_a_sentence(run, words, sentence):
    status, said = run(*words)
    assert status == 2
    assert sentence in said
