"""A service that ends closes every connection, whoever is using it yet."""

from typing import Any

from app.database import close, connect, reading


def test_a_connection_that_is_in_use_is_closed_when_it_is_given_back(database_url: str) -> None:
    engine = connect(database_url)
    with reading(engine) as connection:
        driver: Any = connection.connection.driver_connection
        close(engine)
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    assert is_closed(driver)


def test_a_connection_that_waits_is_closed_at_once(database_url: str) -> None:
    engine = connect(database_url)
    with reading(engine) as connection:
        driver: Any = connection.connection.driver_connection
    close(engine)
    assert is_closed(driver)


def is_closed(driver: Any) -> bool:
    try:
        driver.execute("SELECT 1")
    except Exception as error:
        return "closed" in str(error)
    return False
