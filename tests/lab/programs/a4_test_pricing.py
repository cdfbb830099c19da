import logging
import time
import unittest

log = logging.getLogger("pricing")


def price(product, quantity):
    if quantity < 0:
        log.error("negative quantity %d for %s", quantity, product)
        raise ValueError(f"quantity {quantity}")
    return round({"basic": 9.5, "plus": 19.0}[product] * quantity * (0.9 if quantity > 10 else 1), 2)


def quote(product, quantity):
    try:
        return price(product, quantity)
    except (KeyError, ValueError):
        log.exception("quote failed, falling back to the list price")
        return None


class PriceTest(unittest.TestCase):
    def setUp(self):
        time.sleep(45)

    def test_single(self):
        self.assertEqual(price("basic", 1), 9.5)

    def test_discount(self):
        self.assertEqual(price("plus", 20), 342.0)

    def test_negative_raises(self):
        with self.assertRaises(ValueError):
            price("plus", -4)

    def test_unknown_product_is_quoted_none(self):
        self.assertIsNone(quote("platinum", 3))

    def test_negative_is_quoted_none(self):
        self.assertIsNone(quote("basic", -1))

    @unittest.expectedFailure
    def test_known_rounding_bug(self):
        self.assertEqual(price("basic", 1.005), 9.56)

    @unittest.skip("needs the currency service")
    def test_currency(self):
        self.fail()


class LoadTest(unittest.TestCase):
    def test_many_quotes(self):
        for n in range(120):
            time.sleep(12)
            with self.subTest(n=n):
                quote("basic" if n % 3 else "gone", n)
