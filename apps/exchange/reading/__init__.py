"""The reader of uploaded spreadsheets; it runs in a process of its own, which a hostile file may take down.

Nothing here imports Django: the process must start quickly and hold nothing worth stealing.
"""
