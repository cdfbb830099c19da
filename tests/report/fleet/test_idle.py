import pytest
from scanned import lying, prices, row

from diagnose.report.fleet import idle


def test_hours_are_counted_on_every_node_and_money_by_the_size_of_a_node():
    known = idle.prices({"prices": prices()})
    cost = idle.cost([row("a"), row("b", nodes=None)], known)
    assert (cost.hours, dict(cost.money)) == (12.0, {"EUR": 36.0})


def test_a_run_whose_end_of_work_is_not_known_is_counted_apart():
    cost = idle.cost([row(idle_s=None), row("b")], {})
    assert (cost.hours, cost.unknown) == (8.0, 1)


def test_a_size_without_a_price_is_named_and_its_hours_are_not_in_the_sum():
    known = idle.prices({"prices": prices()})
    cost = idle.cost([row("a"), row("b", size="Standard_E4"), row("c", size=None)], known)
    assert (dict(cost.money), cost.unpriced_hours) == ({"EUR": 24.0}, 16.0)
    assert cost.unpriced_sizes == ("Standard_E4", "a size nobody named")


def test_currencies_are_never_added_to_each_other():
    tables = [prices("EUR", nc6=3.0), prices("USD", nd96=10.0)]
    cost = idle.cost([row(size="nc6"), row("b", size="ND96")], idle.prices({"prices": tables}))
    assert idle.money_text(cost.money) == "EUR 24.00 and USD 80.00"


def test_runs_on_nodes_that_cost_less_are_counted():
    known = idle.prices({"prices": prices()})
    assert idle.cost([row(priority="LowPriority"), row("b")], known).low_priority == 1


@pytest.mark.parametrize("broken", [-5.0, 1e300, float("inf"), float("nan")])
def test_a_figure_that_no_run_can_reach_is_not_known(broken):
    made = row(idle_s=broken)
    assert (idle.node_hours(made), idle.idle_since(made)) == (None, None)


@pytest.mark.parametrize(
    "broken", [None, 5, "x", [], [3], {"per_node_hour": []}, {"per_node_hour": {"a": "x", "b": -1}}]
)
def test_prices_that_are_none_are_none(broken):
    assert idle.prices({"prices": broken}) == {}


def test_small_figures_stay_small():
    said = [idle.hours_text(hours) for hours in (0, 0.01, 0.32, 9.96, 1204.4)]
    assert said == ["0", "less than 0.1", "0.3", "10", "1,204"]
    assert idle.cost([lying()], {}).hours == pytest.approx(1 / 60)
