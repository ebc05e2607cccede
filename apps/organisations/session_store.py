"""The session engine: Django's own in the database, which also notes whose session it is."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

from apps.organisations.sessions import SignedIn


class SessionStore(db.SessionStore):
    """Keeps sessions as `SignedIn` rows."""

    @classmethod
    def get_model_class(cls):
        return SignedIn

    def create_model_instance(self, data):
        session = super().create_model_instance(data)
        session.user_id = data.get(SESSION_KEY)
        return session
