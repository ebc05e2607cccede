"""The finance desk: the special account, the bank's files, months."""
