import pytest

from ohmstead.run.environment import BadSetting, Environment, described


def test_defaults_listen_on_loopback_only(monkeypatch):
    monkeypatch.delenv("OHMSTEAD_HOST", raising=False)
    assert Environment().host == "127.0.0.1"


def test_a_bad_value_is_named_in_a_sentence(monkeypatch):
    monkeypatch.setenv("OHMSTEAD_WEB_PORT", "eighty")
    with pytest.raises(BadSetting, match="OHMSTEAD_WEB_PORT='eighty' cannot be used: Port of console"):
        Environment()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param(
            "postgresql://ohm:p%40ss@db.example:5433/net?sslmode=require",
            {
                "USER": "ohm",
                "PASSWORD": "p@ss",
                "HOST": "db.example",
                "PORT": "5433",
                "OPTIONS": {"sslmode": "require"},
            },
            id="over the network",
        ),
        pytest.param(
            "postgresql://postgres@/net?host=%2Ftmp%2Fsocket",
            {"USER": "postgres", "PASSWORD": "", "HOST": "/tmp/socket", "PORT": "", "OPTIONS": {}},
            id="socket folder",
        ),
    ],
)
def test_database_url(url, expected, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", url)
    django = Environment().django_database()
    assert django["NAME"] == "net"
    assert {key: django[key] for key in expected} == expected


def test_a_gateway_name_is_one_subject_token(monkeypatch):
    monkeypatch.setenv("OHMSTEAD_GATEWAY_NAME", "gw.eu.1")
    assert Environment().gateway == "gw-eu-1"


def test_every_setting_is_described_once():
    variables = [variable for variable, _, _ in described()]
    assert len(variables) == len(set(variables))
    assert all(says.endswith(".") or "empty:" in says for _, _, says in described())
