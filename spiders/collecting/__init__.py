"""What every platform shares. In: answers and the crawl state of the run before. Out: a judged run, the state after."""
