"""Each process walked as its offices would walk it: by the demo town, ``manage.py handover`` and the stories."""
