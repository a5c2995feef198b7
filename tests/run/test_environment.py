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


@pytest.mark.parametrize(
    ("url", "backend", "options"),
    [
        pytest.param("console:", "console", {}, id="printed"),
        pytest.param("smtp://mail.example:25", "smtp", {"use_tls": False, "username": ""}, id="relay"),
        pytest.param("smtp://a%40b:p%2Fw@mail:587", "smtp", {"use_tls": True, "password": "p/w"}, id="STARTTLS"),
        pytest.param("smtps://a:b@mail:465", "smtp", {"use_tls": False, "use_ssl": True, "port": 465}, id="TLS"),
    ],
)
def test_where_mail_goes(monkeypatch, url, backend, options):
    monkeypatch.setenv("OHMSTEAD_MAIL_URL", url)
    mailer = Environment().django_mailer()
    assert mailer["BACKEND"] == f"django.core.mail.backends.{backend}.EmailBackend"
    assert {name: mailer["OPTIONS"][name] for name in options} == options


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example:25", "smtp://mail.example", "smtp://:25"])
def test_a_mail_server_that_cannot_be_meant_is_told(monkeypatch, url):
    monkeypatch.setenv("OHMSTEAD_MAIL_URL", url)
    with pytest.raises(BadSetting, match="OHMSTEAD_MAIL_URL"):
        Environment()


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("", ""),
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("http://tiles.example:8080/{z}/{x}/{y}", "http://tiles.example:8080"),
    ],
)
def test_tiles_of_others_are_allowed_from_their_origin_only(monkeypatch, text, origin):
    monkeypatch.setenv("OHMSTEAD_BASEMAP", text)
    assert Environment().basemap_origin == origin


@pytest.mark.parametrize("text", ["https://tiles.example/", "ftp://tiles.example/{z}/{x}/{y}", "/nowhere/city.pmtiles"])
def test_a_basemap_that_cannot_be_is_told_by_name(monkeypatch, text):
    monkeypatch.setenv("OHMSTEAD_BASEMAP", text)
    with pytest.raises(BadSetting, match="OHMSTEAD_BASEMAP"):
        Environment()
