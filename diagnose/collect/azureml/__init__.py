"""The evidence of a live run, asked of Azure Machine Learning: the only part of the program that talks to it."""
