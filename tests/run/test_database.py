import psycopg


def test_a_test_database_is_migrated(database):
    with psycopg.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM access_organisation").fetchone() == (0,)


def test_nats_listens(nats_server):
    assert "@127.0.0.1:" in nats_server.url
