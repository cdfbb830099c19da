"""Takes secrets out of every text that comes from outside, before it is kept, shown or judged.

Nothing is imported here: a `--help` needs none of it.
"""
