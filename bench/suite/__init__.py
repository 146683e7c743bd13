"""What tools/bench runs: the measures, taken in turns, and what is told of them."""
