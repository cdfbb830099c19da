"""What a run left behind, as typed facts. Raw dictionaries end at this door."""
