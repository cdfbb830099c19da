"""Prüft die Merkmale, bevor sie weitergegeben werden."""

import json
import os
import unittest


class Merkmale(unittest.TestCase):
    def setUp(self):
        with open(os.path.join(os.environ["AZURE_ML_OUTPUT_merkmale"], "merkmale.json")) as f:
            self.kunden = json.load(f)

    def test_jeder_kunde_hat_drei(self):
        self.assertEqual({len(werte) for werte in self.kunden.values()}, {3})

    def test_alle_liegen_zwischen_null_und_eins(self):
        self.assertLessEqual(max(max(werte) for werte in self.kunden.values()), 1.0)
