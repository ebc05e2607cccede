"""Lets a template tell events: ``{% tell event as entry %}``."""

from django import template

from apps.histories.words import tell

register = template.Library()
register.simple_tag(tell, name="tell")
