"""Why did this Azure Machine Learning run never complete? Evidence in, a verdict out."""

__version__ = "0.1.0"
