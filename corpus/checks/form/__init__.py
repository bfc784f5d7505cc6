"""Check of form (thể thức): what a draft lacks or writes otherwise than the rules ask, as advice."""
