import pytest

from video_pipeline.config import (
    ConfigurationError,
    LedgerEnvironment,
    PricesEnvironment,
    ProviderEnvironment,
    RunsEnvironment,
)

LEDGER = {"TABLE_NAME": "ledger", "DAILY_CREDIT_LIMIT": "12.5", "RETENTION_DAYS": "400"}
PROVIDER = {
    "PROVIDER_BASE_URL": "https://provider.test",
    "PROVIDER_SECRET_ARN": "arn",
    "ALLOWED_LOCAL_HOSTS": "",
    "CREATE_TIMEOUT_SECONDS": "60",
}


def test_variables_are_read_by_their_type() -> None:
    assert LedgerEnvironment.read(LEDGER) == LedgerEnvironment("ledger", 12.5, 400)


def test_missing_variables_are_all_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        LedgerEnvironment.read({"TABLE_NAME": "ledger"})
    assert str(caught.value) == "DAILY_CREDIT_LIMIT is not set; RETENTION_DAYS is not set"


def test_a_malformed_variable_is_named_with_its_value_and_beside_the_missing_ones() -> None:
    with pytest.raises(ConfigurationError) as caught:
        LedgerEnvironment.read({"TABLE_NAME": "ledger", "RETENTION_DAYS": "long"})
    assert str(caught.value) == "DAILY_CREDIT_LIMIT is not set; RETENTION_DAYS='long' is no int"


def test_an_empty_name_is_a_mistake() -> None:
    with pytest.raises(ConfigurationError, match="STATE_MACHINE_ARN"):
        RunsEnvironment.read({"STATE_MACHINE_ARN": ""})


def test_a_list_may_be_empty() -> None:
    assert ProviderEnvironment.read(PROVIDER).allowed_local_hosts == frozenset()


def test_a_list_is_split_at_its_commas() -> None:
    hosts = " http://127.0.0.1:1 , http://127.0.0.1:2,"
    read = ProviderEnvironment.read({**PROVIDER, "ALLOWED_LOCAL_HOSTS": hosts})
    assert read.allowed_local_hosts == {"http://127.0.0.1:1", "http://127.0.0.1:2"}


def test_a_variable_with_a_default_may_be_left_out_or_given() -> None:
    assert ProviderEnvironment.read(PROVIDER).read_timeout_seconds == 15
    read = ProviderEnvironment.read({**PROVIDER, "READ_TIMEOUT_SECONDS": "5"})
    assert read.read_timeout_seconds == 5


def test_a_price_list_that_is_not_given_is_none() -> None:
    assert PricesEnvironment.read({"PRICE_LIST": ""}).price_list is None
    assert PricesEnvironment.read({"PRICE_LIST": "{}"}).price_list == "{}"
    with pytest.raises(ConfigurationError, match="PRICE_LIST is not set"):
        PricesEnvironment.read({})
