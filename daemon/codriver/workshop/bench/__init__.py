"""Speed, memory and cost of codriver, each beside its naive counterpart."""
