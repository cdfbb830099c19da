"""How often the verdicts are right, measured on runs that no rule was made on, beside what simpler ways would say."""
